// What a coordinator and its workers agree on: subjects, limits and times. All times are in milliseconds.

/** Raised by one whenever a message changes its meaning or form. Ends that speak different ones refuse each other. */
export const PROTOCOL = 1;

const ROOT = 'senior-backend.load';

/** Where a coordinator calls for workers. */
export const CALL_SUBJECT = `${ROOT}.call`;

/** Where a worker answers a call that it cannot read, so that the coordinator learns of it too. */
export const STRANGER_SUBJECT = `${ROOT}.strangers`;

/** To all workers of a run. */
export const allSubject = (run: string): string => `${ROOT}.run.${run}.all`;

/** To one worker. `ticket` is made by the worker for this run alone, so that nothing said to it before fits. */
export const workerSubject = (run: string, ticket: string): string => `${ROOT}.run.${run}.w.${ticket}`;

/** From one worker, or with `*` from all. */
export const coordinatorSubject = (run: string, ticket: string): string => `${ROOT}.run.${run}.c.${ticket}`;

/** Runs and tickets: 128 random bits. */
export const ID_FORM = /^[0-9a-f]{32}$/;

/** Both ends say this often that they are there, and what they are at. */
export const BEAT_EVERY = 250;

/** A worker that was not heard of for so long is silent, and said to be: two seconds with the beat in between. */
export const SILENT_AFTER = 1250;

/** The NATS server has not handed back our own beat for so long: what we do not hear is nobody's fault. */
export const LINK_DOWN_AFTER = 1000;

/** So long the run waits for the NATS server, and a worker for its coordinator before it stops its load. */
export const PATIENCE = 10_000;

/** So long a silent worker may still come back with its result when the run is over. */
export const RETURN_PATIENCE = 4000;

/** So long a worker keeps a result that nobody has taken. */
export const RESULT_KEPT = 60_000;

/** How often a worker tells what it counted so far. */
export const PROGRESS_EVERY = 500;

/** From the order to start to the start, so that it reaches all. */
export const START_AHEAD = 500;

/** Clock samples for each worker; the one with the shortest way counts. */
export const CLOCK_SAMPLES = 8;

/** A start cannot be agreed on over a way that is longer, there and back. */
export const LONGEST_WAY = 1000;

/** Wall clocks that differ by more are said to. */
export const CLOCK_WARNING = 1000;

/** Larger messages are not read. */
export const MOST_MESSAGE_BYTES = 512 * 1024;

/** Larger jobs and results are refused. */
export const MOST_PARCEL_BYTES = 32 * 1024 * 1024;

export const MOST_WORKERS = 1000;

/** A clock as the command line has it: wall time, and time that only grows. */
export interface Clock {
  now(): number;
  monotonic(): number;
}
