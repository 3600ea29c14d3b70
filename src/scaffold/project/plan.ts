import { NameRegistry, words } from '../../core/names.ts';
import type { ApiModel, Operation } from '../model/api.ts';
import { segmentSource, segmentsOf } from '../model/routes.ts';
import type { SecurityScheme } from '../model/security.ts';

/** A security scheme of the project, with the variable that says who may pass. */
export interface PlannedScheme {
  readonly name: string;
  readonly scheme: SecurityScheme;
  /** Of keys and passwords: `API_KEYS_PARTNER`. */
  readonly variable?: string;
}

/** What a service needs besides its framework. */
export interface ProjectUses {
  /** Whether patterns are matched by an engine of their own. */
  readonly usesLinear: boolean;
  /** Whether its handlers read and write a database. */
  readonly servesDatabase: boolean;
}

/** What sets one project apart from another. */
export interface ProjectPlan extends ProjectUses {
  readonly title: string;
  /** A package name. */
  readonly name: string;
  readonly framework: string;
  readonly schemes: readonly PlannedScheme[];
  readonly health: { readonly live: string; readonly ready: string };
  readonly operations: readonly Operation[];
}

export function planProject(model: ApiModel, framework: string, uses: ProjectUses): ProjectPlan {
  const variables = new NameRegistry();
  const schemes = [...model.securitySchemes].map(([name, scheme]): PlannedScheme => {
    const prefix = VARIABLES[scheme.kind];
    return prefix === undefined
      ? { name, scheme }
      : { name, scheme, variable: variables.claim(`${prefix}_${constantCase(name)}`) };
  });
  return {
    title: plainTitle(model.title),
    name: packageName(model.title),
    framework,
    schemes,
    health: freePaths(model.operations),
    operations: model.operations,
    ...uses,
  };
}

const VARIABLES: Readonly<Partial<Record<SecurityScheme['kind'], string>>> = {
  apiKey: 'API_KEYS',
  basic: 'BASIC_USERS',
};

/** A part of the name of a variable: `partnerKey` to `PARTNER_KEY`. */
function constantCase(name: string): string {
  const text = words(name).join('_').toUpperCase();
  return text.replaceAll(/[^A-Z0-9_]/g, '').slice(0, 60) || 'CLIENTS';
}

/** One line without anything that a page or a terminal would take for more than text. */
const plainTitle = (title: string): string =>
  title
    .replaceAll(/[^\p{L}\p{N}\p{M} .,:;!?()'+/-]/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
    .slice(0, 100) || 'Service';

function packageName(title: string): string {
  const name = words(title).join('-').toLowerCase();
  const plain = name.replaceAll(/[^a-z0-9-]/g, '').replaceAll(/^-+|-+$/g, '');
  return plain.slice(0, 60) || 'service';
}

/** Paths for health that no operation of the contract answers. */
function freePaths(operations: readonly Operation[]): ProjectPlan['health'] {
  const patterns = operations.map(({ path }) => {
    const source = segmentsOf(path).map((segment) => `\\/${segmentSource(segment)}`);
    return new RegExp(`^${source.join('')}$`, 'u');
  });
  const isFree = (path: string): boolean => !patterns.some((pattern) => pattern.test(path));
  for (const prefix of ['', '/-', '/-/service', '/-/service/of']) {
    const [live, ready] = [`${prefix}/healthz`, `${prefix}/readyz`];
    if (isFree(live) && isFree(ready)) return { live, ready };
  }
  return { live: '/-/a/path/of/its/own/healthz', ready: '/-/a/path/of/its/own/readyz' };
}
