import { type CommandSpec, erase } from './command.ts';
import { demo } from './commands/demo/spec.ts';
import { load } from './commands/load/spec.ts';
import { scaffold } from './commands/scaffold/spec.ts';

/** Every command, in the order in which help shows them. */
export const PROGRAM: readonly CommandSpec[] = [erase(scaffold), erase(load), erase(demo)];
