import { type CatalogArea, FIRST_USER_OID, qualified, USER_SCHEMA } from './area.ts';

const HEAD = (kind: string, words: string, catalog: string, prefix: string): string => `
    SELECT '${kind}' AS kind, '${catalog}' AS catalog, o.oid::int8 AS oid, 0 AS sub, ${qualified('n.nspname', `o.${prefix}name`)} AS identity,
      'TEXT SEARCH ${words} ' || ${qualified('n.nspname', `o.${prefix}name`)} AS sql_name, NULL AS owner`;

const TAIL = (catalog: string, prefix: string): string => `
    FROM ${catalog} o JOIN pg_namespace n ON n.oid = o.${prefix}namespace WHERE o.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`;

const PROC = (label: string, column: string): string =>
  `'${label} = ' || nullif(o.${column}::regproc::text, '-')`;

/** Text search configurations; each mapping is one line, so that adding one is not a new configuration. */
export const textSearchConfigurations: CatalogArea = {
  sql: () => `${HEAD('text_search_configuration', 'CONFIGURATION', 'pg_ts_config', 'cfg')},
      jsonb_build_object(
        'parser', (SELECT ${qualified('pn.nspname', 'p.prsname')} FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = o.cfgparser),
        'mappings', coalesce((SELECT jsonb_object_agg(alias, dictionaries) FROM (
          SELECT t.alias, string_agg(${qualified('dn.nspname', 'd.dictname')}, ', ' ORDER BY m.mapseqno) AS dictionaries
          FROM pg_ts_config_map m JOIN pg_ts_dict d ON d.oid = m.mapdict JOIN pg_namespace dn ON dn.oid = d.dictnamespace
            JOIN ts_token_type(o.cfgparser) t ON t.tokid = m.maptokentype
          WHERE m.mapcfg = o.oid GROUP BY t.alias) q), '{}')) AS attributes
    ${TAIL('pg_ts_config', 'cfg')}`,
};

/** Text search dictionaries. */
export const textSearchDictionaries: CatalogArea = {
  sql: () => `${HEAD('text_search_dictionary', 'DICTIONARY', 'pg_ts_dict', 'dict')},
      jsonb_build_object('definition', 'CREATE TEXT SEARCH DICTIONARY ' || ${qualified('n.nspname', 'o.dictname')} || ' ('
        || concat_ws(', ', 'TEMPLATE = ' || (SELECT ${qualified('tn.nspname', 't.tmplname')} FROM pg_ts_template t
          JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = o.dicttemplate), o.dictinitoption) || ')') AS attributes
    ${TAIL('pg_ts_dict', 'dict')}`,
};

/** Text search parsers. */
export const textSearchParsers: CatalogArea = {
  sql: () => `${HEAD('text_search_parser', 'PARSER', 'pg_ts_parser', 'prs')},
      jsonb_build_object('definition', 'CREATE TEXT SEARCH PARSER ' || ${qualified('n.nspname', 'o.prsname')} || ' ('
        || concat_ws(', ', ${PROC('START', 'prsstart')}, ${PROC('GETTOKEN', 'prstoken')}, ${PROC('END', 'prsend')},
          ${PROC('LEXTYPES', 'prslextype')}, ${PROC('HEADLINE', 'prsheadline')}) || ')') AS attributes
    ${TAIL('pg_ts_parser', 'prs')}`,
};

/** Text search templates. */
export const textSearchTemplates: CatalogArea = {
  sql: () => `${HEAD('text_search_template', 'TEMPLATE', 'pg_ts_template', 'tmpl')},
      jsonb_build_object('definition', 'CREATE TEXT SEARCH TEMPLATE ' || ${qualified('n.nspname', 'o.tmplname')} || ' ('
        || concat_ws(', ', ${PROC('INIT', 'tmplinit')}, ${PROC('LEXIZE', 'tmpllexize')}) || ')') AS attributes
    ${TAIL('pg_ts_template', 'tmpl')}`,
};
