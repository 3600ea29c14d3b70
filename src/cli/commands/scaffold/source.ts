import type { PlannedScaffold, ScaffoldOptions } from '../../../scaffold/index.ts';

/** What is asked of a source besides its own flags. */
export type SourceOptions = ScaffoldOptions & {
  /** Overwrites generated files that were edited by hand. */
  readonly force: boolean;
};

/** What a server is generated from: a document or a database. */
export interface Source {
  /** As the user wrote it, without a password. */
  readonly shown: string;
  /** Says what writing to a folder would change. */
  readonly plan: (folder: string, options: SourceOptions) => Promise<PlannedScaffold>;
  readonly write: (folder: string, options: SourceOptions) => Promise<PlannedScaffold>;
}
