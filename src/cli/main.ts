#!/usr/bin/env node
import { processHost } from './host.ts';
import { PROGRAM } from './program.ts';
import { runProgram } from './run.ts';

process.exitCode = await runProgram(processHost(), PROGRAM);
