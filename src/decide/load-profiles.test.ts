import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readText } from '../../test/support/repository.ts';
import { loadProfiles } from './load-profiles.ts';

const SHIPPED = ['django-monolith', 'fastapi-python', 'go-or-rust-microservice', 'node-express'];
const node: Record<string, unknown> = JSON.parse(readText('profiles/node-express.json'));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profiles-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (name: string, content: unknown): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const names = async (files: readonly string[] = []): Promise<string[]> =>
  (await loadProfiles({ folder, files })).profiles.map(({ profile }) => profile.profile_name);

describe('profiles of the folder', () => {
  test('there are four shipped ones, in alphabetical order', async () => {
    expect(await names()).toEqual(SHIPPED);
  });

  test('a profile of a new name joins them, and one of the same name takes its place', async () => {
    await put('b.json', { ...node, profile_name: 'our-house' });
    const override = await put('a.json', { ...node, version: '9.0.0' });
    const { profiles, diagnostics } = await loadProfiles({ folder, files: [] });
    expect(diagnostics).toEqual([]);
    expect(profiles.map(({ profile }) => profile.profile_name)).toEqual([...SHIPPED, 'our-house']);
    expect(profiles[3]).toMatchObject({ profile: { version: '9.0.0' }, file: override });
  });

  test('bad files are reported with a pointer and stop none of the others', async () => {
    await put('good.json', { ...node, profile_name: 'good' });
    await put('not-json.json', '{');
    await put('empty.json', { profile_name: 'typescript' });
    await put('wrong.json', {
      ...node,
      constraints: { ...(node['constraints'] as object), team_size_min: 0 },
    });
    await put('typo.json', { ...node, anti_recommendation: [] });
    await put('notes.txt', 'not a profile');
    const { profiles, diagnostics } = await loadProfiles({ folder, files: [] });
    expect(profiles.map(({ profile }) => profile.profile_name)).toContain('good');
    const found = diagnostics.map(({ code, location }) => [
      code,
      location?.file?.slice(folder.length + 1),
      location?.pointer,
    ]);
    expect(found.filter(([, file]) => file !== 'empty.json')).toEqual([
      ['DEC004', 'not-json.json', undefined],
      ['DEC005', 'typo.json', '/anti_recommendation'],
      ['DEC005', 'wrong.json', '/constraints/team_size_min'],
    ]);
    expect(found.filter(([, file]) => file === 'empty.json').length).toBe(8);
  });

  test('bounds that cross are refused', async () => {
    const thresholds = { ...(node['success_thresholds'] as object), p95_ms: 10 };
    await put('slow.json', { ...node, success_thresholds: thresholds });
    await put('tiny.json', {
      ...node,
      constraints: { ...(node['constraints'] as object), team_size_min: 9, team_size_max: 3 },
    });
    const { diagnostics } = await loadProfiles({ folder, files: [] });
    expect(diagnostics.map(({ location }) => location?.pointer)).toEqual([
      '/success_thresholds',
      '/constraints/team_size_max',
    ]);
  });

  test('of two files with one name the first is used and the second reported', async () => {
    await put('a.json', { ...node, profile_name: 'twin', version: '1.0.1' });
    await put('b.json', { ...node, profile_name: 'twin', version: '1.0.2' });
    const { profiles, diagnostics } = await loadProfiles({ folder, files: [] });
    expect(profiles.find(({ profile }) => profile.profile_name === 'twin')?.profile.version).toBe('1.0.1');
    expect(diagnostics).toMatchObject([{ code: 'DEC006', location: { pointer: '/profile_name' } }]);
  });

  test('a copy of the shipped folder changes nothing', async () => {
    await cp(new URL('../../profiles', import.meta.url), folder, { recursive: true });
    expect(await names()).toEqual(SHIPPED);
  });
});

describe('profiles that are named', () => {
  test('they come last and win', async () => {
    await put('a.json', { ...node, profile_name: 'ours', version: '1.0.0' });
    const named = await put('elsewhere.txt', { ...node, profile_name: 'ours', version: '2.0.0' });
    const { profiles } = await loadProfiles({ folder, files: [named] });
    expect(profiles.find(({ profile }) => profile.profile_name === 'ours')?.profile.version).toBe('2.0.0');
  });

  test('a bad one is an error with a pointer', async () => {
    const bad = await put('bad.txt', { ...node, version: 1 });
    await expect(names([bad])).rejects.toMatchObject({
      code: 'DEC005',
      kind: 'usage',
      diagnostics: [{ location: { file: bad, pointer: '/version' } }],
    });
  });

  test('a missing one is an error', async () => {
    await expect(names([join(folder, 'missing.json')])).rejects.toMatchObject({
      code: 'DEC004',
      kind: 'usage',
    });
  });
});
