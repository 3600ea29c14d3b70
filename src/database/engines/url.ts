/** The URL as messages may show it: PostgreSQL accepts a password in two places, and neither is printed. */
export function withoutPassword(text: string): string {
  const url = parse(text);
  if (url === undefined) return 'the given connection';
  if (url.password !== '') url.password = '***';
  for (const name of new Set(url.searchParams.keys())) {
    if (/password|sslkey/i.test(name)) url.searchParams.set(name, '***');
  }
  return url.href;
}

/** The same server and role, another database. */
export function withDatabase(text: string, database: string): string {
  const url = new URL(text);
  url.pathname = `/${database}`;
  return url.href;
}

/** Whether a text is a connection URL rather than the name of a file. */
export function isConnectionUrl(text: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(text);
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
