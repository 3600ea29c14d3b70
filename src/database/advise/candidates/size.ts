import type { Candidate } from './candidate.ts';

const BLOCK = 8192;
/** B-tree pages are filled to 90 % when built. */
const FILL = 0.9;
const align = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export interface SizeInput {
  /** Rows that the index will hold. */
  readonly rows: number;
  /** Average width of each key, in bytes. */
  readonly keyWidths: readonly number[];
  readonly includeWidths: readonly number[];
  /** Different combinations of the keys. */
  readonly distinct: number;
  /** Whether equal keys are kept once: not so for numeric, float and jsonb, nor with INCLUDE. */
  readonly deduplicated: boolean;
}

/**
 * Blocks that an index will have. B-tree: an item is its key and 12 bytes, or 6.4 bytes a row where equal
 * keys share one item; the figures were fitted to indexes that PostgreSQL built.
 * https://www.postgresql.org/docs/current/btree.html#BTREE-DEDUPLICATION
 */
export function blocksOf({ method }: Candidate, input: SizeInput): number {
  return Math.ceil(SIZES[method](input));
}

const SIZES: Readonly<Record<Candidate['method'], (input: SizeInput) => number>> = {
  btree: ({ rows, keyWidths, includeWidths, distinct, deduplicated }) => {
    const width = [...keyWidths, ...includeWidths].reduce((sum, one) => sum + one, 0);
    const plain = rows * (12 + align(width));
    const shared = rows * 6.4 + 2 * distinct * (16 + align(width));
    // Columns of several kinds are aligned to each other: 8 % on indexes that hold more than their keys.
    const padding = includeWidths.length > 0 ? 1.08 : 1;
    return ((deduplicated ? Math.min(plain, shared) : plain) * padding) / (BLOCK * FILL) + 2;
  },
  gin: ({ rows }) => (rows * 12) / BLOCK + 2,
  gist: ({ rows, keyWidths }) => (rows * (24 + align(keyWidths[0] ?? 16))) / (BLOCK * 0.7) + 2,
  brin: () => 3,
};
