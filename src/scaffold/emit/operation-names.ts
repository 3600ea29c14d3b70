import type { ApiModel, Operation } from '../model/api.ts';
import type { OperationTypeNames } from './operation-types.ts';
import type { SchemaNames } from './schema-names.ts';

/**
 * Names for the types of every operation, those that the service sends included. A schema of the
 * contract keeps its name; the operation's type steps aside.
 */
export function nameOperationTypes(model: ApiModel, names: SchemaNames): Map<Operation, OperationTypeNames> {
  const { registry } = names;
  const claim = (base: string, suffix: string): string => {
    const plain = `${base}${suffix}`;
    return registry.claim(registry.has(plain) ? `${base}Operation${suffix}` : plain);
  };
  return new Map(
    [...model.operations, ...model.outgoing].map((operation) => {
      const base = (operation.id[0] ?? '').toUpperCase() + operation.id.slice(1);
      return [operation, { request: claim(base, 'Request'), response: claim(base, 'Response') }];
    }),
  );
}
