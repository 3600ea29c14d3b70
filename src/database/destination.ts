import { type Engine, SqlFailure } from './engines/engine.ts';
import { quoteText } from './quote.ts';

/** The server that statements are written for, as far as anything is known of it. */
export interface Destination {
  /** `server_version_num`; undefined: any that is supported. */
  readonly version?: number | undefined;
  /** What TimeZone is for those who connect, such as `Europe/Berlin`. */
  readonly timeZone?: string | undefined;
}

/** Goes over to the zone of the server that statements are for; says whether this one knows it. */
export async function enterZone(engine: Engine, { timeZone }: Destination): Promise<boolean> {
  if (timeZone === undefined) return false;
  try {
    await engine.run(`SET TimeZone = ${quoteText(timeZone)}`);
    return true;
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return false;
  }
}
