// Runs the service as a process: starts it, and stops it when the system asks.
import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import type { Running } from './lifecycle.js';

/** Starts the service; the process ends with 0 when it was asked to and lost nothing, else with 1. */
export async function runProcess(
  start: (environment: Readonly<Record<string, string | undefined>>) => Promise<Running>,
): Promise<void> {
  // Variables that are set already win over those of the file.
  if (existsSync('.env')) loadEnvFile('.env');
  try {
    stopWhenAsked(await start(process.env));
  } catch (error) {
    process.stderr.write(`The service cannot start: ${describe(error)}\n`);
    process.exit(1);
  }
}

function stopWhenAsked(running: Running): void {
  let asked = false;
  const stop = (): void => {
    // Whoever asks twice does not want to wait.
    if (asked) process.exit(1);
    asked = true;
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The service did not stop cleanly: ${describe(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message.trimEnd();
}
