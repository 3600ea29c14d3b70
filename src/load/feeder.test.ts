import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeInJson, escapeInUrl, escapeNothing, fillTemplate, parseRows } from './feeder.ts';

describe('data', () => {
  test('CSV with quotes, commas, line ends and empty lines', () => {
    const text = 'id,name,note\r\n1,Ann,"a, b"\r\n\r\n2,"Bo ""B""","two\nlines"\n3,,';
    expect(parseRows(text, 'users.csv')).toEqual([
      { id: '1', name: 'Ann', note: 'a, b' },
      { id: '2', name: 'Bo "B"', note: 'two\nlines' },
      { id: '3', name: '', note: '' },
    ]);
  });

  test('whatever is written as CSV is read back', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '\r') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (cells) => {
        const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
        const text = ['x,y', ...cells.map((pair) => pair.map(quote).join(','))].join('\n');
        expect(parseRows(text, 'data.csv')).toEqual(cells.map(([x, y]) => ({ x, y })));
      }),
    );
  });

  test('JSON lines', () => {
    expect(parseRows('{"id": 1, "tags": ["a"]}\n\n{"id": "b"}\n', 'data.jsonl')).toEqual([
      { id: '1', tags: '["a"]' },
      { id: 'b' },
    ]);
  });

  test.each([
    ['', 'empty.csv'],
    ['id\n', 'head.csv'],
    ['{"a":1}\nno json', 'data.jsonl'],
    ['[1]', 'data.ndjson'],
  ])('%j in %s is refused', (text, name) => {
    expect(() => parseRows(text, name)).toThrowError(
      expect.objectContaining({ code: 'LOAD011', kind: 'usage' }),
    );
  });
});

describe('templates', () => {
  const row = { id: 'a/b c', quote: 'say "x"' };

  test.each([
    ['/orders/{{id}}', escapeInUrl, '/orders/a%2Fb%20c'],
    ['{"q": "{{ quote }}"}', escapeInJson, '{"q": "say \\"x\\""}'],
    ['{{id}}-{{id}}', escapeNothing, 'a/b c-a/b c'],
    ['nothing', escapeNothing, 'nothing'],
  ])('%s', (template, write, filled) => {
    expect(fillTemplate(template, row, write)).toBe(filled);
  });

  test('a column that is not there is named', () => {
    expect(() => fillTemplate('{{missing}}', row, escapeNothing)).toThrowError(
      expect.objectContaining({
        code: 'LOAD011',
        message: expect.stringContaining('"missing", only id, quote'),
      }),
    );
  });
});
