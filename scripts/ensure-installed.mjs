// Installs when node_modules is missing or no longer what package-lock.json says, so that the two
// commands of the README work in a bare clone. npm keeps the installed tree in a hidden lockfile.
// Not `npm ci`: it fails where a registry does not carry the optional packages of other platforms.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

function staleReason() {
  const hidden = 'node_modules/.package-lock.json';
  if (!existsSync(hidden)) return 'node_modules is missing';
  const installed = readPackages(hidden);
  for (const [path, wanted] of Object.entries(readPackages('package-lock.json'))) {
    if (path === '') continue;
    const found = installed[path];
    // A package for another platform is optional and rightly absent.
    if (found === undefined && wanted.optional) continue;
    if (found?.version !== wanted.version) return `${path} is not at ${wanted.version}`;
    if (!existsSync(path) && !wanted.optional) return `${path} is gone`;
  }
  return undefined;
}

const reason = staleReason();
if (reason !== undefined) {
  console.error(`Installing dependencies (${reason}) ...`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['install', '--no-save', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  process.exitCode = result.status ?? 1;
}
