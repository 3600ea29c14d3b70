import { describe, expect, test } from 'vitest';
import { camelCase, counted, kebabCase, NameRegistry, pascalCase } from './names.ts';

describe('names', () => {
  test.each([
    ['list-users', 'ListUsers', 'listUsers', 'list-users'],
    ['HTTPServer error', 'HTTPServerError', 'httpServerError', 'http-server-error'],
    ['repos/get', 'ReposGet', 'reposGet', 'repos-get'],
    ['Öffnungs_zeiten 2', 'ÖffnungsZeiten2', 'öffnungsZeiten2', 'öffnungs-zeiten-2'],
    ['../../etc/passwd\0', 'EtcPasswd', 'etcPasswd', 'etc-passwd'],
    ['***', '', '', ''],
  ])('%j', (text, pascal, camel, kebab) => {
    expect([pascalCase(text), camelCase(text), kebabCase(text)]).toEqual([pascal, camel, kebab]);
  });

  test('a registry never gives a name twice, in any case where the file system folds it', () => {
    const registry = new NameRegistry(['index'], { foldCase: true });
    expect(['Index', 'users', 'Users', 'users'].map((name) => registry.claim(name))).toEqual([
      'Index2',
      'users',
      'Users2',
      'users3',
    ]);
  });

  test('counts', () => {
    expect([counted(1, 'file'), counted(0, 'file'), counted(2, 'entry', 'entries')]).toEqual([
      '1 file',
      '0 files',
      '2 entries',
    ]);
  });
});
