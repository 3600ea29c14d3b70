#!/usr/bin/env node
import { migrationToolLine } from './migration-tool-line.ts';

process.argv.splice(2, Number.POSITIVE_INFINITY, ...migrationToolLine(process.argv.slice(2)));
await import('../main.ts');
