import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateServer } from '../../src/scaffold/index.ts';
import { corpusDocuments } from './corpus.ts';

interface RawParameter {
  readonly $ref?: string;
  readonly in?: string;
  readonly name?: string;
}

interface RawOperation {
  readonly parameters?: readonly RawParameter[];
  readonly requestBody?: object;
}

type RawDocument = Readonly<Record<string, unknown>> & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
};

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'];

/** Counted from the raw document, by none of the code that generates: references are all of the form `#/a/b/c`. */
function countInDocument(document: RawDocument): { bodies: number; parameters: number } {
  const follow = (parameter: RawParameter): RawParameter => {
    if (parameter.$ref === undefined) return parameter;
    const keys = parameter.$ref.slice(2).split('/');
    return keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document) as RawParameter;
  };
  let [bodies, parameters] = [0, 0];
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      if (operation.requestBody !== undefined) bodies += 1;
      const shared = (item['parameters'] as readonly RawParameter[] | undefined) ?? [];
      const all = [...shared, ...(operation.parameters ?? [])].map(follow);
      parameters += new Set(all.map((parameter) => `${parameter.in} ${parameter.name}`)).size;
    }
  }
  return { bodies, parameters };
}

const github = corpusDocuments().filter(({ name }) => /^github|octokit/.test(name));

test.for(github)('$name: every body and every parameter has a validator', async ({ path, name }) => {
  const wanted = countInDocument(JSON.parse(readFileSync(path, 'utf8')));
  const { files } = await generateServer(
    { path, shown: name },
    { framework: 'express', typesOnly: false, allowRefs: false, allowNetwork: false },
  );
  const validators = files.find((file) => file.path === 'validators.ts')?.content ?? '';
  const found = {
    bodies: validators.match(/^ {4}body: \{/gm)?.length,
    parameters: validators.match(/^ {6}\{ in: '\w+', name: .*schema: /gm)?.length,
  };
  process.stdout.write(
    `\n${name}: ${found.bodies} of ${wanted.bodies} bodies, ${found.parameters} of ${wanted.parameters} parameters validated\n`,
  );
  expect(found).toEqual(wanted);
});
