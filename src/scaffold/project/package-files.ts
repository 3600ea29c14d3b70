import { dependenciesOf } from './dependencies.ts';
import type { ProjectPlan } from './plan.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export function printPackage(plan: ProjectPlan): string {
  const hasSecrets = plan.schemes.some(({ variable }) => variable !== undefined);
  return json({
    name: plan.name,
    version: '0.1.0',
    description: plan.title,
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: {
      build: 'tsc -p tsconfig.build.json',
      check: 'tsc',
      test: 'tsc && vitest run',
      prestart: 'npm run build',
      start: 'node dist/main.js',
      ...(hasSecrets ? { credential: 'node scripts/credential.mjs' } : {}),
    },
    ...dependenciesOf(plan),
  });
}

/** For the editor and for `npm run check`: the tests as well, and nothing is written. */
export const TSCONFIG: string = json({
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['src', 'test'],
});

export const TSCONFIG_BUILD: string = json({
  extends: './tsconfig.json',
  compilerOptions: { noEmit: false, rootDir: 'src', outDir: 'dist', sourceMap: true },
  include: ['src'],
});

export const GIT_IGNORE = 'node_modules/\ndist/\n.env\n';

export const DOCKER_IGNORE = 'node_modules\ndist\n.env\n.git\ntest\n';

/** Built in one image and run in another, by a user who may write nothing. */
export const dockerfile = ({ health }: ProjectPlan): string => `FROM node:24-slim AS build
WORKDIR /service
COPY package.json package-lock.json* ./
RUN if [ -f package-lock.json ]; then npm ci; else npm install; fi
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /service
COPY --from=build /service/package.json ./
COPY --from=build /service/node_modules ./node_modules
COPY --from=build /service/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "dist/healthcheck.js", "${health.live}"]
# Not through npm: signals must reach the service.
CMD ["node", "dist/main.js"]
`;
