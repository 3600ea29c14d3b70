import type { DatabaseObject } from '../model/database-model.ts';

/** Renames a type out of the way. The suffix keeps the name below PostgreSQL's 63 bytes. */
export function displaced({ sqlName }: DatabaseObject): { readonly away: string; readonly drop: string } {
  const dot = lastDot(sqlName);
  const schema = sqlName.slice(0, dot + 1);
  const name = sqlName.slice(dot + 1);
  const plain = name.startsWith('"') ? name.slice(1, -1) : name;
  const away = `"${Buffer.from(plain)
    .subarray(0, 50)
    .toString()
    .replace(/\ufffd+$/, '')}__old"`;
  return { away: `ALTER ${sqlName} RENAME TO ${away}`, drop: `DROP ${schema}${away}` };
}

/** The dot between schema and name; a quoted name may contain dots of its own. */
function lastDot(sqlName: string): number {
  if (!sqlName.endsWith('"')) return sqlName.lastIndexOf('.');
  let at = sqlName.length - 1;
  do at = sqlName.lastIndexOf('"', at - 1);
  while (at > 0 && sqlName[at - 1] !== '.');
  return at - 1;
}
