#!/usr/bin/env node
import { decisionEngineLine } from './decision-engine-line.ts';

process.argv.splice(2, Number.POSITIVE_INFINITY, ...decisionEngineLine(process.argv.slice(2)));
await import('../main.ts');
