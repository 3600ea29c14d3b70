#!/usr/bin/env node
import { erase } from '../command.ts';
// The command line of an earlier tool of this name; its flags are ours.
import { load } from '../commands/load/spec.ts';
import { processHost } from '../host.ts';
import { runProgram } from '../run.ts';
import { loadTesterHost } from './load-tester-host.ts';

process.exitCode = await runProgram(loadTesterHost(processHost()), [erase(load)]);
