import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import type { Outcome } from '../../command.ts';
import type { Host } from '../../host.ts';

/** What a load command hands back, with the files that were asked for. */
export interface Report extends Outcome {
  readonly page?: string;
  readonly junit?: string;
}

interface ReportFlags {
  readonly output: string | undefined;
  readonly report: string | undefined;
  readonly junit: string | undefined;
}

/** Writes the files that the flags name. Errors: LOAD007. */
export async function writeReports(host: Host, flags: ReportFlags, report: Report): Promise<void> {
  await writeReport(host, flags.output, `${JSON.stringify(report.document, null, 2)}\n`);
  await writeReport(host, flags.report, report.page);
  await writeReport(host, flags.junit, report.junit);
}

async function writeReport(host: Host, file: string | undefined, content: string | undefined): Promise<void> {
  if (file === undefined || content === undefined) return;
  try {
    await writeFile(resolve(host.cwd, file), content);
  } catch (error) {
    throw new UserError('LOAD007', `the report ${file} cannot be written (${systemErrorCode(error)})`);
  }
}
