import type { Engine } from '../engines/engine.ts';
import { type DatabaseModel, listOf } from '../model/database-model.ts';
import { quoteText } from '../quote.ts';
import { ALL_ON_TABLE } from '../rules/privilege.ts';

/** MAINTAIN is a privilege since this version: https://www.postgresql.org/docs/17/release-17.html */
const MAINTAIN_SINCE = 170_000;

/** Before this version everybody may create in `public`, and its owner is who made the database. */
const LESS_ON_PUBLIC_SINCE = 150_000;

/** A model of an older server in the words of a newer one: who was granted everything on a table still is. */
export function inNewWords(model: DatabaseModel, version: number): DatabaseModel {
  if (version >= MAINTAIN_SINCE) return model;
  const objects = [...model.objects.values()].map((object) => {
    const isTable = / on TABLE /.test(object.id) || / on TABLES to /.test(object.id);
    if (!isTable) return object;
    const { attributes } = object;
    const [privileges, usual] = [
      withMaintain(listOf(object, 'privileges')),
      withMaintain(listOf(object, 'default')),
    ];
    return { ...object, attributes: { ...attributes, privileges, default: usual } };
  });
  return { ...model, objects: new Map(objects.map((object) => [object.id, object])) };
}

function withMaintain(privileges: readonly string[]): readonly string[] {
  const older = ALL_ON_TABLE.filter((privilege) => privilege !== 'MAINTAIN');
  if (older.every((privilege) => privileges.includes(privilege))) return [...privileges, 'MAINTAIN'].sort();
  if (older.every((privilege) => privileges.includes(`${privilege} *`)))
    return [...privileges, 'MAINTAIN *'].sort();
  return privileges;
}

/**
 * A server before 15 whose `public` has the rights of old stands for "nothing was said of them": what the
 * other side says beyond today's rights, as a dump of such a server does, says nothing either.
 */
export async function usualRights(engine: Engine, { objects }: DatabaseModel): Promise<string> {
  const isChanged = [...objects.keys()].some((id) => /^grant:\S+ on SCHEMA "?public"?$/.test(id));
  if (engine.version >= LESS_ON_PUBLIC_SINCE || isChanged) return '';
  const [row] = await engine.rows<{ owner: string }>(
    `SELECT pg_catalog.pg_get_userbyid(nspowner) AS owner FROM pg_catalog.pg_namespace WHERE nspname = 'public'`,
  );
  const owner = quoteText(row?.owner ?? '');
  return `DO $$ BEGIN IF current_setting('server_version_num')::int >= ${LESS_ON_PUBLIC_SINCE} THEN
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r, pg_catalog.pg_namespace n
        WHERE r.rolname = ${owner} AND n.nspname = 'public' AND n.nspowner <> r.oid) THEN
      EXECUTE pg_catalog.format('REVOKE ALL ON SCHEMA public FROM %I', ${owner});
    END IF;
  END IF; END $$`;
}
