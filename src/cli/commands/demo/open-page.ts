import { spawn } from 'node:child_process';
import { type Host, mayPrompt } from '../../host.ts';

const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
  linux: ['xdg-open'],
};

/** Shows a page where somebody is there to see it: at a terminal with a display. */
export function openPage(host: Host, file: string): void {
  const opener = OPENERS[process.platform];
  if (opener === undefined || !mayPrompt(host) || !hasDisplay(host)) return;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, file], { detached: true, stdio: 'ignore' });
  // Without such a program, the path that is printed has to do.
  child.on('error', () => undefined);
  child.unref();
}

const hasDisplay = ({ env }: Host): boolean =>
  process.platform !== 'linux' || (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') !== '';
