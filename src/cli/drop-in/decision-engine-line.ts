/**
 * A line of the tool that came before, as a line of `decide`. Two things differ: its `--output` was a
 * format, Markdown when not given, and it took a team that named no language for a TypeScript team.
 */
export function decisionEngineLine(argv: readonly string[]): string[] {
  const line: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const [flag, inline] = splitOnce(word);
    if (flag !== '--output') line.push(word);
    else {
      line.push('--format', inline ?? argv[at + 1] ?? '');
      if (inline === undefined) at += 1;
    }
  }
  const has = (flag: string): boolean => line.some((word) => splitOnce(word)[0] === flag);
  const added = [
    ...(has('--format') || has('--json') ? [] : ['--format', 'markdown']),
    ...(has('--language-preference') ? [] : ['--language-preference', 'typescript']),
  ];
  return ['decide', ...line, ...added];
}

function splitOnce(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
