import type { Host } from '../host.ts';

/** Puts the `load` command's name before the words of a line, so that the one program table serves it. */
export function loadTesterHost(host: Host): Host {
  return { ...host, argv: ['load', ...host.argv] };
}
