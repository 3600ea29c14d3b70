import type { PlannedFile } from '../../core/file-changes.ts';
import { USER_HEADER } from '../emit/header.ts';
import type { ApiModel } from '../model/api.ts';
import { printConfig } from './config-file.ts';
import { environmentFile } from './environment-file.ts';
import {
  DOCKER_IGNORE,
  dockerfile,
  GIT_IGNORE,
  printPackage,
  TSCONFIG,
  TSCONFIG_BUILD,
} from './package-files.ts';
import { type PlannedScheme, type ProjectPlan, type ProjectUses, planProject } from './plan.ts';
import { printReadme } from './readme.ts';
import { MAIN, printLimits, printService } from './service-file.ts';
import { projectTemplate } from './templates.ts';
import { printServiceTest } from './test-file.ts';
import { printProjectVerifiers } from './verifiers-file.ts';

/** Where the project keeps what the contract becomes. */
export const API_FOLDER = 'src/api';

/** Templates of every project. */
const SHARED = [
  'environment.ts',
  'settings.ts',
  'logger.ts',
  'lifecycle.ts',
  'telemetry.ts',
  'protection.ts',
  'redis.ts',
  'start.ts',
  'healthcheck.ts',
];

/** The template that verifies a kind of credential. */
const SECURITY: Readonly<Partial<Record<PlannedScheme['scheme']['kind'], string>>> = {
  bearer: 'security/jwt.ts',
  apiKey: 'security/api-keys.ts',
  basic: 'security/passwords.ts',
  mutualTLS: 'security/certificates.ts',
};

/**
 * Everything of a whole service but what the contract becomes. Each file is written once and is then the
 * user's: a service is configured, extended and deployed by editing it.
 */
export async function projectFiles(
  model: ApiModel,
  framework: string,
  uses: ProjectUses,
): Promise<PlannedFile[]> {
  const plan = planProject(model, framework, uses);
  const kinds = new Set(plan.schemes.map(({ scheme }) => scheme.kind));
  const security = [...kinds].flatMap((kind) => SECURITY[kind] ?? []);
  const templates = [...SHARED, ...security, `${framework}/app.ts`, `${framework}/limiter.ts`];
  const copied = await Promise.all(templates.map((path) => projectTemplate(path)));
  const hasSecrets = kinds.has('apiKey') || kinds.has('basic');
  const script = hasSecrets ? [await projectTemplate('credential.mjs')] : [];
  const files: readonly (readonly [path: string, content: string])[] = [
    ...[...copied, ...script].map(({ path, text }) => [path, text] as const),
    ...printedFiles(plan),
  ];
  return files.map(([path, content]) => ({ path, content, owner: 'user' }));
}

function printedFiles(plan: ProjectPlan): (readonly [path: string, content: string])[] {
  const verifiers = plan.schemes.length > 0;
  return [
    ['package.json', printPackage(plan)],
    ['tsconfig.json', TSCONFIG],
    ['tsconfig.build.json', TSCONFIG_BUILD],
    ['.gitignore', GIT_IGNORE],
    ['.dockerignore', DOCKER_IGNORE],
    ['.env.example', environmentFile(plan)],
    ['.env', environmentFile(plan)],
    ['Dockerfile', dockerfile(plan)],
    ['README.md', printReadme(plan)],
    ['src/main.ts', USER_HEADER + MAIN],
    ['src/service.ts', USER_HEADER + printService(plan)],
    ['src/limits.ts', USER_HEADER + printLimits(plan)],
    ['src/config.ts', USER_HEADER + printConfig(plan)],
    ['test/service.test.ts', USER_HEADER + printServiceTest(plan)],
    ...(verifiers
      ? [[`${API_FOLDER}/verifiers.ts`, USER_HEADER + printProjectVerifiers(plan)] as const]
      : []),
  ];
}
