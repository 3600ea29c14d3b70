import { printYaml } from '../../describe/yaml.ts';
import type { JsonObject } from '../../model/json.ts';
import { nameResources } from './contract-names.ts';
import { resourcePaths } from './contract-operations.ts';
import { ERROR, PAGE_META, resourceSchemas } from './contract-schemas.ts';
import type { Resource } from './resource.ts';

/** The contract of the resources, as openapi.yaml holds it: OpenAPI 3.1, so that a schema means what JSON Schema says. */
export function writeContract(title: string, resources: readonly Resource[]): string {
  const names = nameResources(resources);
  const document: JsonObject = {
    openapi: '3.1.1',
    info: { title, version: '1.0.0', license: { name: 'UNLICENSED', identifier: 'UNLICENSED' } },
    servers: [{ url: '/' }],
    security: [],
    tags: resources.map(({ name, comment }) => ({ name, description: comment ?? `Rows of ${name}.` })),
    paths: Object.fromEntries(resources.flatMap((resource) => resourcePaths(resource, resources, names))),
    components: {
      schemas: {
        Error: ERROR,
        PageMeta: PAGE_META,
        ...Object.fromEntries(resources.flatMap((resource) => resourceSchemas(resource, names))),
      },
    },
  };
  return printYaml(document);
}
