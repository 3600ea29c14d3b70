import { join } from 'node:path';
import ts from 'typescript-5.9';
import { ROOT } from './repository.ts';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
  noUnusedLocals: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * What a strict compiler says of generated files, as `file: message`. They are compiled where they
 * would stand beside the runtime files, without being written there.
 */
export function typeErrors(files: ReadonlyMap<string, string>): string[] {
  const folder = join(ROOT, 'templates');
  const texts = new Map([...files].map(([name, text]) => [join(folder, name), text]));
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => texts.has(path) || disk.fileExists(path),
    readFile: (path) => texts.get(path) ?? disk.readFile(path),
    getSourceFile: (path, options) => {
      const text = texts.get(path);
      return text === undefined
        ? disk.getSourceFile(path, options)
        : ts.createSourceFile(path, text, options);
    },
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([...texts.keys()], OPTIONS, host))
    .map(({ file, messageText }) => {
      const name = file?.fileName.slice(folder.length + 1) ?? '';
      return `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
}
