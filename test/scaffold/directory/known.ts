/** Valid documents of the collection whose servers are not right, and why. An entry that begins to pass has to go. */
export const KNOWN_FAILURES: Readonly<Record<string, string>> = {};
