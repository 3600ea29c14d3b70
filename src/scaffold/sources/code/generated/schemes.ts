import type { Expression } from 'oxc-parser';
import { sortByText } from '../../../../core/order.ts';
import { isJsonObject, type JsonObject, type JsonValue, own, stringAt } from '../../../model/json.ts';
import type { Place } from '../../../model/place.ts';
import type { OAuthFlow, SecurityKind, SecurityScheme } from '../../../model/security.ts';
import type { SourceFile } from '../source-file.ts';
import { jsonOf } from '../zod/json.ts';
import { docBefore } from './comments.ts';
import { Evaluator } from './evaluate.ts';

/** The security schemes of a service: what security/schemes-file.ts prints. Those that nothing declares are of no kind. */
export function readSchemes(
  file: SourceFile | undefined,
  required: ReadonlySet<string>,
  place: Place,
): Map<string, SecurityScheme> {
  const written = file === undefined ? undefined : constantIn(file, 'schemes');
  const descriptions = file === undefined ? new Map<string, string>() : descriptionsIn(file);
  const schemes = sortByText([...required], (name) => name).map((name): [string, SecurityScheme] => {
    const scheme = isJsonObject(written) && Object.hasOwn(written, name) ? written[name] : undefined;
    const description = descriptions.get(name);
    return [name, { ...kindOf(scheme), ...(description === undefined ? {} : { description }), place }];
  });
  return new Map(schemes);
}

/** What credentials are said to be for: the title of the contract, as far as a header can hold it. */
export function realmOf(file: SourceFile): string | undefined {
  const realm = constantIn(file, 'realm');
  return typeof realm === 'string' ? realm : undefined;
}

function constantIn(file: SourceFile, name: string): JsonValue | undefined {
  for (const statement of file.program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : undefined;
    if (declared?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declared.declarations) {
      if (id.type !== 'Identifier' || id.name !== name || init === null) continue;
      return jsonOf(new Evaluator(file, () => undefined).evaluate(init as Expression));
    }
  }
  return undefined;
}

/** The comments of the type of the verifiers, by scheme. */
function descriptionsIn(file: SourceFile): Map<string, string> {
  const found = new Map<string, string>();
  for (const statement of file.program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : undefined;
    if (declared?.type !== 'TSTypeAliasDeclaration' || declared.id.name !== 'Verifiers') continue;
    if (declared.typeAnnotation.type !== 'TSTypeLiteral') continue;
    for (const member of declared.typeAnnotation.members) {
      if (member.type !== 'TSPropertySignature') continue;
      const { key } = member;
      const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
      const comment = docBefore(file, member.start);
      if (comment !== undefined && comment.text !== '') found.set(name, comment.text);
    }
  }
  return found;
}

function bearerOf(scheme: JsonObject): SecurityKind {
  const [format, openIdConnectUrl] = [stringAt(scheme, 'format'), stringAt(scheme, 'openIdConnectUrl')];
  const flows = own(scheme, 'flows');
  return {
    kind: 'bearer',
    ...(format === undefined ? {} : { format }),
    ...(isJsonObject(flows) ? { flows: flows as unknown as Readonly<Record<string, OAuthFlow>> } : {}),
    ...(openIdConnectUrl === undefined ? {} : { openIdConnectUrl }),
  };
}

function kindOf(scheme: JsonValue | undefined): SecurityKind {
  if (!isJsonObject(scheme)) return { kind: 'unknown' };
  const [kind, name, where] = [stringAt(scheme, 'kind'), stringAt(scheme, 'name'), stringAt(scheme, 'in')];
  if (kind === 'bearer') return bearerOf(scheme);
  if (kind === 'basic' || kind === 'mutualTLS') return { kind };
  if (kind === 'http') return { kind, scheme: stringAt(scheme, 'scheme') ?? '' };
  const isPlace = where === 'header' || where === 'query' || where === 'cookie';
  return kind === 'apiKey' && isPlace && name !== undefined ? { kind, in: where, name } : { kind: 'unknown' };
}
