// What was seen of a service under load, as plain data: everything that a reason may rest on.

/** What one statement cost a request, on average. */
export interface StatementUse {
  readonly id: string;
  readonly calls: number;
  /** Milliseconds of execution, waits for locks included. */
  readonly ms: number;
  readonly rows: number;
}

/** The same operation asked for another number of rows. */
export interface PageEvidence {
  /** Rows in the answer. */
  readonly rows: number;
  readonly ms: number;
  readonly cpuMs: number | undefined;
  readonly statements: readonly StatementUse[];
}

/** One operation alone: requests one after the other, with nothing beside them. Times in milliseconds a request. */
export interface OperationEvidence {
  readonly name: string;
  /** Its share of the load's requests, 0 to 1. */
  readonly weight: number;
  readonly requests: number;
  readonly failed: number;
  /** Mean, and lower quartile: what is beside it on the machine makes some requests slower, never quicker. */
  readonly meanMs: number;
  readonly quietMs: number;
  /** From the first byte of the answer to its last. */
  readonly transferMs: number;
  /** Of the body. */
  readonly bytes: number;
  /** Reading and writing the JSON body once, in our own process; 0 for another body. */
  readonly jsonMs: number;
  /** Lengths of the lists of objects in the JSON body, the longest first. */
  readonly lists: readonly number[];
  /** The same of the JSON body that was sent. */
  readonly sent: readonly number[];
  /** Processor time of the service's processes, and time that they were ready to run but did not; undefined: not seen. */
  readonly cpuMs: number | undefined;
  readonly cpuWaitMs: number | undefined;
  readonly statements: readonly StatementUse[];
  /** With the parameter that was varied; empty when none had an effect. */
  readonly pages: readonly PageEvidence[];
  readonly pageParameter: string | undefined;
  /** Its own mean under load, where the load tells operations apart. */
  readonly loadMs: number | undefined;
}

/** A statement that was seen waiting for a lock. */
export interface LockWait {
  readonly id: string | undefined;
  readonly sql: string;
  /** As PostgreSQL names what is waited for: `transactionid`, `tuple`, `advisory` ... */
  readonly event: string;
  /** Sessions in it at a time, on average. */
  readonly waiting: number;
  /** What the holder of the lock ran last, and the state it was in most often. */
  readonly holder: { readonly sql: string; readonly state: string } | undefined;
}

/** The sessions of the database during the load, averages over the samples. */
export interface SessionEvidence {
  readonly samples: number;
  /** The most at a time. */
  readonly most: number;
  /** Different ones that were seen. */
  readonly different: number;
  /** Their usual age when seen, in milliseconds. */
  readonly age: number;
  /** At work, waiting for a lock included. */
  readonly active: number;
  /** With an open transaction and nothing to do in it. */
  readonly idleInTransaction: number;
  readonly lockWaiting: number;
}

/** The load itself. Times in milliseconds a request. */
export interface LoadEvidence {
  readonly concurrency: number;
  readonly requests: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly meanMs: number;
  readonly statements: readonly StatementUse[];
  readonly cpuMs: number | undefined;
  /** How much of the time the busiest thread of the service ran or was ready to, 0 to 1. */
  readonly busiest: number | undefined;
  readonly sessions: SessionEvidence | undefined;
  readonly locks: readonly LockWait[];
  /** Where else the service has connections to. */
  readonly peers: readonly { readonly address: string; readonly connections: number }[];
}

/** A statement by its number. */
export interface StatementEvidence {
  readonly id: string;
  readonly sql: string;
  /** With its constants, where a session was seen with it: what is planned, and what a command needs. */
  readonly sent: string | undefined;
  /** `select`, `update`, `begin` ... */
  readonly verb: string;
  readonly scans: readonly { readonly table: string; readonly rows: number }[];
  readonly cost: number | undefined;
  readonly mend:
    | { readonly before: number; readonly after: number; readonly indexes: readonly string[] }
    | undefined;
}

export interface Evidence {
  readonly operations: readonly OperationEvidence[];
  readonly load: LoadEvidence;
  readonly statements: readonly StatementEvidence[];
  /** The shortest way to the database and back, and opening a connection to it, both from here; in milliseconds. */
  readonly roundTripMs: number;
  readonly connectMs: number;
  /** Of reading statements: `counted` one by one, or `sampled` from the sessions. */
  readonly source: 'counted' | 'sampled' | 'none';
  /** Whether the database runs in the thread of the service: it has one connection, and its time is the service's. */
  readonly embedded: boolean;
  /** The connection as a command may show it, empty where no command can have one, and whether a password was left out. */
  readonly connection: { readonly shown: string; readonly hasPassword: boolean };
}
