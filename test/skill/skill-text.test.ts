import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseLine } from '../../src/cli/parse.ts';
import { PROGRAM } from '../../src/cli/program.ts';
import { QUESTIONS, recommendedAnswer } from '../../src/decide/grill/questions.ts';
import { KILL_RULES } from '../../src/decide/kills.ts';
import { DATA_TIERS } from '../../src/decide/vocabulary.ts';
import { AGENTS } from '../../src/skill/agents.ts';
import { anchorsOf, linksOf } from '../support/markdown.ts';
import { filesBelow, readText } from '../support/repository.ts';
import { expectPage } from '../support/update.ts';

const SKILL = 'skills/senior-backend';
const files = filesBelow(SKILL, '');
const pages = files.filter((file) => file.endsWith('.md'));

const frontMatter = (file: string): Record<string, string> =>
  parse(/^---\n([\s\S]*?)\n---\n/.exec(readText(file))?.[1] ?? '');

test('the forcing questions are those of the engine', () => {
  const questions = QUESTIONS.map((question) => {
    const { number, asks, why, advice, killed_by, source } = question;
    const kills = KILL_RULES.filter((rule) => rule.question === number);
    return [
      `## Question ${number}\n`,
      `**${asks}**\n`,
      `${why}\n`,
      `| recommended | because |\n| --- | --- |\n${advice.map(({ answer, because }) => `| \`${answer}\` | ${because} |`).join('\n')}\n`,
      `Stops at: ${killed_by}.\n`,
      ...(kills.length === 0
        ? []
        : [
            `| kill criterion | lifted by | next investigation |\n| --- | --- | --- |\n${kills
              .map(
                ({ criterion, lifted_by, next_investigation }) =>
                  `| ${criterion} | ${lifted_by} | ${next_investigation} |`,
              )
              .join('\n')}\n`,
          ]),
      `Source: ${source}.\n`,
    ].join('\n');
  });
  expectPage(
    `${SKILL}/references/forcing-questions.md`,
    [
      '# Forcing questions\n',
      'Seven questions, one a turn, each with the answer that is recommended until something speaks against it. `npx senior-backend',
      'grill` asks them, keeps the answers in a file and decides after the seventh. Where a table has two rows the',
      'first applies when what is known asks for it; `grill --next` picks the right one.\n',
      'A question that cannot be answered is not skipped: it is the next investigation. A tripped kill criterion stops, and only',
      'another answer lifts it.\n',
      ...questions,
    ].join('\n'),
  );
  expect(recommendedAnswer(QUESTIONS[0] ?? expect.fail('no question'), {}).answer).toContain('qps=');
});

describe('SKILL.md', () => {
  test('its front matter keeps to the Agent Skills format', () => {
    const { name, description, license, compatibility, ...others } = frontMatter(`${SKILL}/SKILL.md`);
    expect(name).toBe('senior-backend');
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(String(description).length).toBeLessThanOrEqual(1024);
    expect(license).toBe('MIT');
    expect(String(compatibility).length).toBeLessThanOrEqual(500);
    expect(others).toEqual({});
  });

  test('it stays under 500 lines and points at every reference', () => {
    const text = readText(`${SKILL}/SKILL.md`);
    expect(text.split('\n').length).toBeLessThan(500);
    const references = pages.filter((file) => file.includes('/references/'));
    expect(references.length).toBe(5);
    for (const reference of references) expect(text).toContain(`](${reference.slice(SKILL.length + 1)}`);
  });
});

describe('installed alone', () => {
  test.each(pages)('%s has no dead link', (file) => {
    for (const link of linksOf(readText(file))) {
      const [path = '', anchor] = link.split('#');
      const folder = file.slice(0, file.lastIndexOf('/'));
      const target = path === '' ? file : `${folder}/${path}`;
      expect(files, `${link} in ${file}`).toContain(target);
      if (anchor !== undefined) expect(anchorsOf(readText(target)), `${link} in ${file}`).toContain(anchor);
    }
  });

  test('every specialist has a fallback', () => {
    const rows = readText(`${SKILL}/references/composition-map.md`).match(/^\| (?!concern|---).*\|$/gm) ?? [];
    expect(rows.length).toBe(16);
    for (const row of rows) expect(row.split('|').at(-2)?.trim(), row).not.toBe('');
  });

  test('every command it names exists, with the flags it is given', () => {
    const lines = pages.flatMap((file) =>
      [...readText(file).matchAll(/`npx senior-backend ([^`]+)`/g)].map(([, line = '']) =>
        line.replaceAll('\n', ' '),
      ),
    );
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      const words = (line.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => (word === 'N' ? '1' : word));
      const command = PROGRAM.find(({ path }) => path.every((word, at) => words[at] === word));
      if (command === undefined) expect.fail(`there is no command for: ${line}`);
      const rest = words.slice(command.path.length);
      // A command that is only mentioned has no arguments to be right or wrong about.
      if (rest.length > 0 && rest[0] !== '--threshold') parseLine(command, rest, {});
    }
  });

  test('the slash command says the same to every agent', () => {
    const markdown = readText(`${SKILL}/commands/backend-review.md`).replace(/^---[\s\S]*?---\n\n/, '');
    const toml = readText(`${SKILL}/commands/backend-review.toml`);
    expect(toml).toContain(`"""\n${markdown.replace('$ARGUMENTS', '{{args}}')}"""`);
    expect(toml).toContain(
      `description = "${frontMatter(`${SKILL}/commands/backend-review.md`)['description']}"`,
    );
    for (const tier of DATA_TIERS) expect(markdown).toContain(tier);
  });

  test('each file that an agent is given exists', () => {
    for (const { extras } of AGENTS)
      for (const { source } of extras) expect(files).toContain(`${SKILL}/${source}`);
    expect(frontMatter(`${SKILL}/agents/backend-engineer.md`)).toEqual({
      name: 'backend-engineer',
      description: expect.any(String),
    });
  });
});
