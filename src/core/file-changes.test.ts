import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PlannedFile, planFileChanges, writeFileChanges } from './file-changes.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-changes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const generated = (path: string, content: string): PlannedFile => ({ path, content, owner: 'generated' });
const users = (path: string, content: string): PlannedFile => ({ path, content, owner: 'user' });

const write = async (files: readonly PlannedFile[], overwrite = false): Promise<string[]> => {
  const changes = await planFileChanges(folder, files);
  await writeFileChanges(folder, changes, { overwrite });
  return changes.map(({ path, action }) => `${path}: ${action}`);
};

describe('planned file changes', () => {
  test('the second time nothing changes', async () => {
    const files = [generated('a/b.ts', 'one'), users('c.ts', 'stub')];
    expect(await write(files)).toEqual(['a/b.ts: create', 'c.ts: create']);
    expect(await write(files)).toEqual(['a/b.ts: unchanged', 'c.ts: kept']);
  });

  test("a user's file is kept whatever is in it", async () => {
    await write([users('c.ts', 'stub')]);
    await writeFile(join(folder, 'c.ts'), 'mine');
    await write([users('c.ts', 'another stub')]);
    expect(await readFile(join(folder, 'c.ts'), 'utf8')).toBe('mine');
  });

  test('a link in the folder leads nothing out of it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await symlink(outside, join(folder, 'runtime'));
    await expect(write([generated('runtime/zod.ts', 'one')])).rejects.toMatchObject({ code: 'CORE001' });
    await writeFile(join(outside, 'kept.txt'), 'mine');
    await symlink(join(outside, 'kept.txt'), join(folder, 'b.ts.part'));
    await symlink(join(outside, 'kept.txt'), join(folder, 'c.ts'));
    await write([generated('b.ts', 'two'), generated('c.ts', 'three')], true);
    expect(await readdir(outside)).toEqual(['kept.txt']);
    expect(await readFile(join(outside, 'kept.txt'), 'utf8')).toBe('mine');
    await rm(outside, { recursive: true });
  });

  test('an edited generated file is a conflict, and nothing at all is written', async () => {
    await write([generated('a.ts', 'one'), generated('b.ts', 'one')]);
    await writeFile(join(folder, 'a.ts'), 'edited');
    const next = [generated('a.ts', 'two'), generated('b.ts', 'two')];
    await expect(write(next)).rejects.toMatchObject({ code: 'CORE003', kind: 'refused' });
    expect(await readFile(join(folder, 'b.ts'), 'utf8')).toBe('one');
    expect(await write(next, true)).toEqual(['a.ts: conflict', 'b.ts: update']);
    expect(await readFile(join(folder, 'a.ts'), 'utf8')).toBe('two');
  });

  test('what is no longer generated is reported and left', async () => {
    await write([generated('a.ts', 'one'), users('b.ts', 'one')]);
    expect(await write([])).toEqual(['a.ts: orphaned', 'b.ts: orphaned']);
    expect((await readdir(folder)).sort()).toEqual(['.senior-backend.json', 'a.ts', 'b.ts']);
  });

  test('where the files are all there should be, only what is ours and as we wrote it goes', async () => {
    await write([generated('a.ts', 'one'), generated('b.ts', 'one'), users('c.ts', 'one')]);
    await writeFile(join(folder, 'b.ts'), 'edited');
    const changes = await planFileChanges(folder, [], { complete: true });
    expect(changes.map(({ path, action }) => `${path}: ${action}`)).toEqual([
      'a.ts: removed',
      'b.ts: orphaned',
      'c.ts: orphaned',
    ]);
    await writeFileChanges(folder, changes);
    expect((await readdir(folder)).sort()).toEqual(['.senior-backend.json', 'b.ts', 'c.ts']);
    expect(await planFileChanges(folder, [], { complete: true })).toHaveLength(2);
  });

  test.each(['../x.ts', '/x.ts', 'a/../../x.ts', '.'])('%j does not leave the folder', async (path) => {
    const plan = planFileChanges(folder, [generated(path, '')]);
    if (path === '/x.ts') {
      expect((await plan).map(({ action }) => action)).toEqual(['create']);
    } else {
      await expect(plan).rejects.toMatchObject({ code: 'CORE001' });
    }
  });

  test('a folder that cannot be made is one clear error', async () => {
    await writeFile(join(folder, 'file'), '');
    const inside = join(folder, 'file', 'below');
    const changes = await planFileChanges(inside, [generated('a.ts', 'x')]);
    await expect(writeFileChanges(inside, changes)).rejects.toMatchObject({ code: 'CORE002' });
  });

  test('a manifest of another tool is not overwritten', async () => {
    await writeFile(join(folder, '.senior-backend.json'), '[]');
    await expect(planFileChanges(folder, [])).rejects.toMatchObject({ code: 'CORE004' });
  });
});
