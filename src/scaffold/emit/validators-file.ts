import type { Diagnostic } from '../../core/diagnostic.ts';
import { counted } from '../../core/names.ts';
import type { ApiModel, MediaType, Operation } from '../model/api.ts';
import { locationOf } from '../model/place.ts';
import { PatternChooser } from '../patterns/choice.ts';
import { printContract } from './contracts.ts';
import { type ErrorBodies, NO_ERROR_BODIES } from './error-bodies/plan.ts';
import { HEADER } from './header.ts';
import { Imports } from './imports.ts';
import type { OperationTypeNames } from './operation-types.ts';
import { patternRemark, printPattern } from './patterns.ts';
import { quoteString } from './quote.ts';
import { twinNames } from './route-keys.ts';
import type { SchemaNames } from './schema-names.ts';
import { printZod, type ZodContext } from './zod.ts';

/**
 * validators.ts: a Zod schema for every schema, and the contract of every operation. Everything stands
 * in a function of its own. At start-up nothing is built that no request needs; schemas may refer to
 * one another in any order; and the compiler, which looks for what may have changed the type of `z`
 * since the start of a function, need not look through the whole file at each of its uses: on GitHub's
 * document that took three quarters of the time.
 */
export function printValidatorsFile(
  model: ApiModel,
  names: SchemaNames,
  operationNames: ReadonlyMap<Operation, OperationTypeNames>,
  errors: ErrorBodies = NO_ERROR_BODIES,
): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  const declared = [...names.variants(), ...model.operations.map(({ id }) => ({ name: id }))];
  const imports = new Imports(new Set(declared.map(({ name }) => name)));
  const diagnostics: Diagnostic[] = [];
  const patterns = new PatternChooser();
  const context: ZodContext = {
    table: model.schemas,
    names,
    helper: (name) => imports.value(name, './runtime/json-schema.js'),
    pattern: (schema, pattern, silent) => {
      const choice = patterns.choose(pattern);
      const printed = printPattern(pattern, choice, () => imports.value('linear', LINEAR));
      const { code, message } = patternRemark(pattern, choice);
      if (printed === undefined && silent === undefined) context.report(schema, message, code);
      return printed;
    },
    report: (schema, message, code = 'SCF008') => {
      diagnostics.push({ code, severity: 'warning', message, location: locationOf(schema.place, 'cheap') });
    },
  };
  const schemas = names.variants().map(({ name, named, direction }) => {
    const schema = printZod(named.schema, direction === undefined ? context : { ...context, direction });
    return `export const ${name}: ${imports.type('ZodType', 'zod')}<t.${name}> = z.lazy(() => ${schema});\n`;
  });
  const media = (name: string): string => imports.value(name, BODY);
  const routeNames = twinNames(model.operations);
  const fill = (of: MediaType): string | undefined => {
    const filled = errors.of.get(of);
    return filled === undefined ? undefined : `e.${filled.name}`;
  };
  const contracts = model.operations.map((operation) => {
    const typeNames = operationNames.get(operation);
    const contract = imports.type('Contract', './runtime/contract.js');
    const used = { contract, media, routeNames, fill };
    return typeNames === undefined ? '' : printContract(operation, typeNames, context, used);
  });
  const usual = printUsualError(errors, context, imports);
  const body = [...schemas, ...contracts, ...usual].join('\n');
  if (body.includes('z.')) imports.value('z', ZOD);
  if (body.includes('t.')) imports.whole('type * as t', './types.js');
  if (errors.usual !== undefined) imports.whole('* as e', './error-bodies.js');
  const text = body === '' ? 'export {};\n' : body;
  const needed = patterns.linear === 0 ? [] : [needsLinear(patterns.linear)];
  return { text: `${HEADER}${imports.print()}\n\n${text}`, diagnostics: [...diagnostics, ...needed] };
}

/** The answer of errors that no operation describes. */
function printUsualError({ usual }: ErrorBodies, context: ZodContext, imports: Imports): string[] {
  if (usual === undefined) return [];
  const schema = printZod(usual.schema, { ...context, direction: 'response' });
  const described = `[${quoteString(usual.mediaType)}, ${imports.value('json', BODY)}(${schema}, e.${usual.name})]`;
  return [
    `/** The error that answers where no operation describes another. */
export const usualError: () => readonly [type: string, media: ${imports.type('Media', BODY)}] = () => ${described};
`,
  ];
}

const BODY = './runtime/body.js';
const ZOD = './runtime/zod.js';

/** The module of patterns that JavaScript's own engine cannot be trusted with; a service has it only when it needs it. */
export const LINEAR = './runtime/linear.js';

const needsLinear = (count: number): Diagnostic => ({
  code: 'SCF051',
  severity: 'warning',
  message: `${counted(count, 'pattern')} could be made slow by a request, and ${count === 1 ? 'is' : 'are'} matched by re2js`,
  help: 'Add re2js to the dependencies of the service: npm install re2js',
});
