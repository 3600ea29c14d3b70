import type { Trace } from '../handlers/trace.ts';
import type { FoundRoute } from '../routes.ts';
import type { CheckedField } from '../schemas/validators/express-validator.ts';
import type { InputPart } from '../value.ts';

/**
 * Fields of express-validator where a route has them: `check('id')` looks everywhere. A parameter of the path by that
 * name is meant, else where the handlers read the field, else the body, or the query of methods that have none.
 */
export const placedFields = (
  fields: readonly CheckedField[],
  route: FoundRoute,
  reads: Trace['reads'],
): CheckedField[] =>
  fields.map((field) => {
    const { parts, path, draft, exact } = field;
    if (parts.length < 2 || exact === true) return field;
    const [name] = path;
    if (parts.includes('path') && route.path.parameters.some((parameter) => parameter.name === name))
      return { ...field, parts: ['path'] };
    const isRead = (part: InputPart): boolean =>
      reads.some(
        (read) =>
          read.part === part &&
          name !== undefined &&
          read.path[0] === (part === 'headers' ? name.toLowerCase() : name),
      );
    const found = parts.filter(isRead);
    if (found.length < 2) return { ...field, parts: found.length === 1 ? found : usualPlace(parts, route) };
    // It may be in any of these: in none of them it has to be.
    return { ...field, parts: found, draft: { ...draft, required: false } };
  });

function usualPlace(parts: readonly InputPart[], { methods }: FoundRoute): InputPart[] {
  const hasBody = methods.some((method) => !['get', 'head', 'delete'].includes(method));
  const order: readonly InputPart[] = hasBody ? ['body', 'query'] : ['query'];
  return [...order.filter((part) => parts.includes(part)), ...parts].slice(0, 1);
}
