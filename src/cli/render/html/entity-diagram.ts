// Tables as boxes and foreign keys as lines, laid out here: a report must not need a script to be read.
import type { Analysis } from '../../../database/index.ts';
import { neutralLine } from '../neutral.ts';
import { escapeHtml } from './page.ts';

type Catalog = Analysis['catalog'];

const WIDTH = 190;
const GAP_X = 70;
const GAP_Y = 18;
const LINE = 15;
const PAD = 12;
/** More boxes than this are a picture of nothing. */
const MOST = 150;
/** Columns shown in a box: keys, and what refers to others. */
const MOST_COLUMNS = 8;

interface Box {
  readonly table: number;
  readonly name: string;
  readonly lines: readonly string[];
  readonly height: number;
}

interface Placed extends Box {
  readonly x: number;
  readonly y: number;
}

/** An SVG of the tables that foreign keys connect, referenced ones to the left; nothing when there are none. */
export function entityDiagram(catalog: Catalog): { readonly svg: string; readonly leftOut: number } {
  const keys = catalog.facts.constraints.filter(({ type, isCopy }) => type === 'f' && !isCopy);
  const links = keys.filter(
    ({ table, refTable }) => catalog.table(table) !== undefined && catalog.table(refTable) !== undefined,
  );
  const degree = new Map<number, number>();
  for (const { table, refTable } of links) {
    for (const oid of [table, refTable]) degree.set(oid, (degree.get(oid) ?? 0) + 1);
  }
  const shown = [...degree]
    .sort((left, right) => right[1] - left[1])
    .slice(0, MOST)
    .map(([table]) => table);
  if (shown.length === 0) return { svg: '', leftOut: 0 };
  const pairs = links
    .filter(({ table, refTable }) => shown.includes(table) && shown.includes(refTable))
    .map(({ table, refTable }) => [table, refTable] as const);
  const placed = placeBoxes(
    shown.map((table) => boxOf(catalog, table)),
    pairs,
  );
  return { svg: drawing(placed, pairs), leftOut: degree.size - shown.length };
}

function boxOf(catalog: Catalog, table: number): Box {
  const constraints = catalog.constraintsOf(table);
  const primary = new Set(constraints.filter(({ type }) => type === 'p').flatMap(({ keys }) => keys));
  const foreign = new Set(constraints.filter(({ type }) => type === 'f').flatMap(({ keys }) => keys));
  const marked = catalog.columnsOf(table).filter(({ number }) => primary.has(number) || foreign.has(number));
  const lines = marked
    .slice(0, MOST_COLUMNS)
    .map(
      ({ number, name }) =>
        `${primary.has(number) ? 'PK ' : ''}${foreign.has(number) ? 'FK ' : ''}${fitting(name)}`,
    );
  const more = marked.length > MOST_COLUMNS ? [`... ${marked.length - MOST_COLUMNS} more`] : [];
  const name = fitting(catalog.table(table)?.sql.replace(/^public\./, '') ?? '');
  return { table, name, lines: [...lines, ...more], height: PAD + LINE * (1 + lines.length + more.length) };
}

const fitting = (text: string): string => {
  const clean = neutralLine(text);
  return clean.length > 24 ? `${clean.slice(0, 23)}\u2026` : clean;
};

/** Each table to the right of what it refers to, as far as circles allow, and so that columns are of like height. */
function placeBoxes(boxes: readonly Box[], pairs: readonly (readonly [number, number])[]): Placed[] {
  const level = new Map(boxes.map(({ table }) => [table, 0]));
  for (let round = 0; round < 6; round += 1) {
    for (const [from, to] of pairs) {
      if (from !== to) level.set(from, Math.min(6, Math.max(level.get(from) ?? 0, (level.get(to) ?? 0) + 1)));
    }
  }
  const total = boxes.reduce((sum, { height }) => sum + height + GAP_Y, 0);
  const tallest = Math.max(600, Math.sqrt(total * (WIDTH + GAP_X)) * 1.2);
  const ordered = [...boxes].sort(
    (left, right) => (level.get(left.table) ?? 0) - (level.get(right.table) ?? 0),
  );
  const placed: Placed[] = [];
  let [column, y, last] = [0, 0, 0];
  for (const box of ordered) {
    const own = level.get(box.table) ?? 0;
    if (placed.length > 0 && (own !== last || y + box.height > tallest)) {
      column += 1;
      y = 0;
    }
    last = own;
    placed.push({ ...box, x: column * (WIDTH + GAP_X), y });
    y += box.height + GAP_Y;
  }
  return placed;
}

function drawing(boxes: readonly Placed[], pairs: readonly (readonly [number, number])[]): string {
  const byTable = new Map(boxes.map((box) => [box.table, box]));
  const width = Math.max(...boxes.map(({ x }) => x)) + WIDTH + 2;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + 2;
  const lines = pairs.map(([from, to]) => curve(byTable.get(from), byTable.get(to)));
  return (
    `<div class="scroll"><svg role="img" aria-label="Tables and the foreign keys between them" ` +
    `viewBox="-1 -1 ${width} ${height}" style="width:${width}px;max-width:none;height:${height}px" class="entities">` +
    `${lines.join('')}${boxes.map(drawnBox).join('')}</svg></div>`
  );
}

function curve(from: Placed | undefined, to: Placed | undefined): string {
  if (from === undefined || to === undefined || from === to) return '';
  const isRight = from.x >= to.x + WIDTH;
  const [x1, y1] = [from.x + (isRight ? 0 : WIDTH), from.y + from.height / 2];
  const [x2, y2] = [to.x + (isRight ? WIDTH : 0), to.y + to.height / 2];
  const bend = GAP_X / 1.5;
  const [c1, c2] = isRight ? [x1 - bend, x2 + bend] : [x1 + bend, x2 - bend];
  return `<path d="M${x1} ${y1}C${c1} ${y1} ${c2} ${y2} ${x2} ${y2}" fill="none" stroke="var(--soft)" stroke-width="1"/>`;
}

function drawnBox({ x, y, height, name, lines }: Placed): string {
  const text = lines.map(
    (line, at) => `<text x="${x + 8}" y="${y + PAD + LINE * (at + 2) - 4}">${escapeHtml(line)}</text>`,
  );
  return (
    `<rect x="${x}" y="${y}" width="${WIDTH}" height="${height}" rx="5" fill="var(--back)" stroke="var(--line)"/>` +
    `<text x="${x + 8}" y="${y + PAD + 4}" style="font-weight:600;fill:var(--ink)">${escapeHtml(name)}</text>${text.join('')}`
  );
}
