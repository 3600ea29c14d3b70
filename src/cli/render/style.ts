import type { Host } from '../host.ts';

export type Paint = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

const CODES: Readonly<Record<Paint, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
};

/** Colours a text, or leaves it as it is; colour never carries meaning that the words do not. */
export type Style = (paint: Paint, text: string) => string;

export const plainStyle: Style = (_paint, text) => text;

const colourStyle: Style = (paint, text) => {
  const [on, off] = CODES[paint];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/** The style for one of the host's streams: https://no-color.org, FORCE_COLOR, TERM=dumb and `--no-color`. */
export function styleFor(host: Host, stream: 'stdout' | 'stderr', allowed: boolean): Style {
  const { env } = host;
  if (!allowed || (env['NO_COLOR'] ?? '') !== '') return plainStyle;
  if ((env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0') return colourStyle;
  return host[stream].isTTY && env['TERM'] !== 'dumb' ? colourStyle : plainStyle;
}
