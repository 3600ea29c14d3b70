// A contract as what can be asked of a service: the joint between the model and whoever sends requests.
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { ApiModel, Operation, Parameter } from '../model/api.ts';
import { breakCircles } from '../model/circles.ts';
import { refuseExpansions } from '../model/expansion.ts';
import { parameterNames } from '../model/routes.ts';
import { isOpen } from '../model/security.ts';
import type { DocumentPath, ReferencePolicy } from '../sources/openapi/load.ts';
import { readOpenApi } from '../sources/openapi/read.ts';
import { Judge } from './judge.ts';

/** A contract that was read, with what judges values by it. */
export interface RequestContract {
  readonly title: string;
  readonly operations: readonly ContractOperation[];
  readonly model: ApiModel;
  readonly judge: Judge;
  /** What could not be read as it is written. */
  readonly diagnostics: readonly Diagnostic[];
}

/** An operation as one who asks sees it. */
export interface ContractOperation {
  /** `GET /orders/{id}` */
  readonly name: string;
  readonly id: string;
  /** In capitals. */
  readonly method: string;
  /** As the document writes it. */
  readonly path: string;
  /** It changes nothing, by what HTTP says of its method (RFC 9110, 9.2.1). */
  readonly isSafe: boolean;
  /** The parameters of its path, in their order. */
  readonly pathParameters: readonly Parameter[];
  readonly operation: Operation;
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);

/** Reads an OpenAPI document for requests to be made from it. Errors: SCF001 to SCF007, SCF052. */
export async function readRequestContract(
  entry: DocumentPath,
  policy: ReferencePolicy,
): Promise<RequestContract> {
  const read = await readOpenApi(entry, policy);
  const broken = breakCircles(read.model.schemas);
  refuseExpansions(broken.schemas);
  const model: ApiModel = { ...read.model, schemas: broken.schemas };
  return {
    title: model.title,
    operations: model.operations.map(askable),
    model,
    judge: new Judge(model.schemas),
    diagnostics: read.diagnostics,
  };
}

function askable(operation: Operation): ContractOperation {
  const method = operation.method.toUpperCase();
  const byName = new Map(
    operation.parameters.flatMap((parameter) =>
      parameter.in === 'path' ? [[parameter.name, parameter] as const] : [],
    ),
  );
  return {
    name: `${method} ${operation.path}`,
    id: operation.id,
    method,
    path: operation.path,
    isSafe: SAFE.has(method),
    pathParameters: parameterNames(operation.path).flatMap((name) => byName.get(name) ?? []),
    operation,
  };
}

/** What a client has to prove who it is. Header names are in small letters. */
export interface Credentials {
  /** The scheme of its Authorization header, in small letters. */
  readonly authorization?: string;
  readonly headers: ReadonlySet<string>;
  readonly query: ReadonlySet<string>;
  readonly cookies: ReadonlySet<string>;
  /** A certificate of its own. */
  readonly certificate: boolean;
}

/** The security schemes that an operation wants and the client has nothing for; empty when it may be asked. */
export function missingCredentials(
  { operation }: ContractOperation,
  { model: { securitySchemes } }: RequestContract,
  credentials: Credentials,
): string[] {
  const { security } = operation;
  if (security.length === 0 || security.some(isOpen)) return [];
  const missing = security.map((requirement) =>
    requirement.flatMap(({ scheme }) => {
      const known = securitySchemes.get(scheme);
      return known !== undefined && PROVES[known.kind](known as never, credentials) ? [] : [scheme];
    }),
  );
  return missing.some((schemes) => schemes.length === 0) ? [] : [...new Set(missing.flat())];
}

type Scheme = ApiModel['securitySchemes'] extends ReadonlyMap<string, infer Value> ? Value : never;
type OfKind<Kind extends Scheme['kind']> = Extract<Scheme, { readonly kind: Kind }>;

const PROVES: {
  readonly [Kind in Scheme['kind']]: (scheme: OfKind<Kind>, credentials: Credentials) => boolean;
} = {
  bearer: (_, { authorization }) => authorization === 'bearer',
  basic: (_, { authorization }) => authorization === 'basic',
  http: ({ scheme }, { authorization }) => authorization === scheme,
  apiKey: ({ in: where, name }, { headers, query, cookies }) =>
    ({ header: headers.has(name.toLowerCase()), query: query.has(name), cookie: cookies.has(name) })[where],
  mutualTLS: (_, { certificate }) => certificate,
  unknown: () => false,
};
