// A B-tree of a given height without rows. The planner reads an index's height off its first page and
// charges for every level, so an empty index would look cheaper than the one it stands for. What is
// planted is valid: a chain of pages, one for each level, that ends in an empty leaf.
// The layout: https://www.postgresql.org/docs/current/storage-page-layout.html and nbtree.h.

const BLOCK = 8192;
const SPECIAL = BLOCK - 16;
const HEADER = 24;
/** BTMetaPageData begins behind the header: magic, version, root, level, fastroot, fastlevel. */
const ROOT = HEADER + 8;
const LEAF = 1;
const IS_ROOT = 2;

/**
 * The pages of a tree of so many levels above its leaf: the first page of the index as it is, told of the
 * root, and the chain below it.
 * @param {Uint8Array} first
 * @param {number} height
 * @returns {Uint8Array}
 */
export function plantedTree(first, height) {
  const pages = new Uint8Array(BLOCK * (height + 2));
  pages.set(first.subarray(0, BLOCK));
  const view = new DataView(pages.buffer);
  for (const [at, value] of [1, height, 1, height].entries()) view.setUint32(ROOT + at * 4, value, true);
  for (let level = height, block = 1; level >= 0; level -= 1, block += 1) {
    writePage(view, block * BLOCK, { level, child: block + 1, isRoot: block === 1 });
  }
  return pages;
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {{ level: number, child: number, isRoot: boolean }} page
 */
function writePage(view, at, { level, child, isRoot }) {
  const hasItem = level > 0;
  const item = SPECIAL - 8;
  view.setUint16(at + 12, hasItem ? HEADER + 4 : HEADER, true);
  view.setUint16(at + 14, hasItem ? item : SPECIAL, true);
  view.setUint16(at + 16, SPECIAL, true);
  view.setUint16(at + 18, BLOCK | 4, true);
  if (hasItem) writeDownlink(view, at, item, child);
  view.setUint32(at + SPECIAL + 8, level, true);
  view.setUint16(at + SPECIAL + 12, (hasItem ? 0 : LEAF) | (isRoot ? IS_ROOT : 0), true);
}

/**
 * The one item of a page above the leaves: "everything" lies in the child.
 * @param {DataView} view
 * @param {number} at
 * @param {number} item
 * @param {number} child
 */
function writeDownlink(view, at, item, child) {
  const normal = 1 << 15;
  view.setUint32(at + HEADER, item | normal | (8 << 17), true);
  view.setUint16(at + item, child >>> 16, true);
  view.setUint16(at + item + 2, child & 0xffff, true);
  view.setUint16(at + item + 4, 0, true);
  view.setUint16(at + item + 6, 8 | 0x2000, true);
}
