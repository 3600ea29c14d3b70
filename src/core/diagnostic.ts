/** How bad a finding is: an error stops the work, a warning changes the result, info only explains it. */
export type Severity = 'error' | 'warning' | 'info';

/** Where a finding is. Every part is optional: say what is known. Lines and columns count from 1. */
export interface Location {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** RFC 6901 JSON pointer inside `file`, such as `/paths/~1pets/get`. */
  readonly pointer?: string;
  /** The SQL statement, or the start of it. */
  readonly statement?: string;
}

/** A finding as a value: collected, never thrown one by one, and rendered once by the command line. */
export interface Diagnostic {
  /** Stable code from a capability's catalogue, listed in docs/errors.md. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly location?: Location;
  /** What to do about it, one sentence. */
  readonly help?: string;
}

/** One catalogue entry: what the code means, whatever the message of the day says. */
export interface CodeEntry {
  readonly title: string;
  readonly help: string;
}

/** A capability's catalogue: code to meaning. A code is never given a second meaning. */
export type CodeCatalogue = Readonly<Record<string, CodeEntry>>;
