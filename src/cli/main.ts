#!/usr/bin/env node
import { commandsFor } from './areas.ts';
import { processHost } from './host.ts';
import { runProgram } from './run.ts';

const host = processHost();
process.exitCode = await runProgram(host, await commandsFor(host.argv));
