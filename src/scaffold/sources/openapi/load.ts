import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UserError } from '../../../core/errors.ts';
import { isJsonObject, type JsonValue, stringAt } from '../../model/json.ts';
import { parseSource, readDocumentBytes, type SourceDocument } from './document.ts';

/** A document's file: where it is, and how the user wrote it. */
export interface DocumentPath {
  /** Absolute. */
  readonly path: string;
  /** For messages. */
  readonly shown: string;
}

/** What a document may make us read besides itself: nothing that the user did not name. */
export interface ReferencePolicy {
  /** Files above the document's own folder. */
  readonly allowRefs: boolean;
  /** http and https URLs. */
  readonly allowNetwork: boolean;
  /** Documents that are already at hand, by URI: used before any file or network. */
  readonly known?: ReadonlyMap<string, Uint8Array>;
}

/** The entry document and every document that references lead to, by URI without fragment. */
export interface DocumentSet {
  readonly entry: SourceDocument;
  readonly documents: ReadonlyMap<string, SourceDocument>;
  /** Why a document is not among them. A fault only where a reference to it is really followed. */
  readonly failures: ReadonlyMap<string, UserError>;
}

/** Loading stops here: no honest contract is spread over more files. */
const MAX_DOCUMENTS = 5_000;

/** How long one request for a referenced URL may take. */
const FETCH_TIMEOUT_MS = 10_000;

/**
 * Loads a document and, one after the other, every file and URL that its references name and the
 * policy allows. Errors: SCF001, SCF002 and SCF004, about the entry document.
 */
export async function loadDocuments(
  { path, shown }: DocumentPath,
  policy: ReferencePolicy,
): Promise<DocumentSet> {
  const entry = parseSource(await readDocumentBytes(path, shown), shown, pathToFileURL(path).href);
  return loadReferences(entry, { path: dirname(path), shown: dirname(shown) }, policy);
}

/** Loads what a document that is at hand refers to; without a folder, no file is read. Errors: SCF004. */
export async function loadReferences(
  entry: SourceDocument,
  folder: DocumentPath | undefined,
  policy: ReferencePolicy,
): Promise<DocumentSet> {
  const documents = new Map([[entry.uri, entry]]);
  const failures = new Map<string, UserError>();
  const pending = externalReferences(entry);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (documents.has(next) || failures.has(next)) continue;
    if (documents.size >= MAX_DOCUMENTS) {
      throw new UserError('SCF004', `${entry.name} leads to more than ${MAX_DOCUMENTS} documents`);
    }
    try {
      const document = await loadReferenced(next, folder, policy);
      documents.set(next, document);
      pending.push(...externalReferences(document));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.set(next, error);
    }
  }
  return { entry, documents, failures };
}

/** A cheap look at the text first: most documents refer only to themselves, and walking them costs. */
const MENTIONS_OTHER_DOCUMENT = /\$(?:ref|dynamicRef)["']?\s*:\s*["']?[^#"'\s]/;

function externalReferences(document: SourceDocument): string[] {
  if (!MENTIONS_OTHER_DOCUMENT.test(document.text)) return [];
  const identified = new Set([document.uri]);
  const referred = new Set<string>();
  visitWithBase(document, (object, base) => {
    if (stringAt(object, '$id') !== undefined) identified.add(base);
    const reference = stringAt(object, '$ref') ?? stringAt(object, '$dynamicRef');
    const uri = reference === undefined ? undefined : withoutFragment(reference, base);
    if (uri !== undefined) referred.add(uri);
  });
  return [...referred].filter((uri) => !identified.has(uri));
}

/** Visits every object with the base URI that holds there; iterative, so depth costs memory and not the stack. */
export function visitWithBase(
  document: SourceDocument,
  visit: (object: { readonly [key: string]: JsonValue }, base: string) => void,
): void {
  const pending: (readonly [JsonValue, string])[] = [[document.root, document.uri]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, outer] = next;
    if (Array.isArray(value)) {
      for (const item of value) pending.push([item, outer]);
    } else if (isJsonObject(value)) {
      const id = stringAt(value, '$id');
      const base = (id === undefined ? undefined : withoutFragment(id, outer)) ?? outer;
      visit(value, base);
      for (const part of Object.values(value)) pending.push([part, base]);
    }
  }
}

/** The absolute URI of a reference, fragment removed, or undefined when it is no URI reference. */
export function withoutFragment(reference: string, base: string): string | undefined {
  if (!URL.canParse(reference, base)) return undefined;
  const url = new URL(reference, base);
  url.hash = '';
  return url.href;
}

async function loadReferenced(
  uri: string,
  folder: DocumentPath | undefined,
  policy: ReferencePolicy,
): Promise<SourceDocument> {
  const known = policy.known?.get(uri);
  if (known !== undefined) return parseSource(known, uri, uri);
  if (uri.startsWith('file:') && folder !== undefined) return loadFile(uri, folder, policy);
  if (!/^https?:/.test(uri)) {
    throw new UserError('SCF005', `${uri} is neither a file nor a web address`);
  }
  if (policy.allowNetwork) return fetchDocument(uri);
  throw refused(`${uri} is on the network`, '--allow-network');
}

async function loadFile(uri: string, folder: DocumentPath, policy: ReferencePolicy): Promise<SourceDocument> {
  const path = filePath(uri);
  const shown = join(folder.shown, relative(folder.path, path));
  const checkBelow = (root: string, target: string): void => {
    if (!policy.allowRefs && isOutside(root, target)) {
      throw refused(`${shown} is outside the document's own folder`, '--allow-refs');
    }
  };
  checkBelow(folder.path, path);
  const bytes = await readDocumentBytes(path, shown);
  // A link below the folder may lead out of it: what counts is where the file really is.
  checkBelow(await realpath(folder.path), await realpath(path));
  return parseSource(bytes, shown, uri);
}

function filePath(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw new UserError('SCF005', `${uri} is no file path here`, {
      cause: error,
    });
  }
}

function isOutside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside.split(sep)[0] === '..' || resolve(inside) === inside;
}

const refused = (what: string, flag: string): UserError =>
  new UserError('SCF006', what, { kind: 'refused', help: `If you trust the document, give ${flag}.` });

async function fetchDocument(uri: string): Promise<SourceDocument> {
  try {
    const answer = await fetch(uri, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return parseSource(new Uint8Array(await answer.arrayBuffer()), uri, uri);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('SCF005', `${uri} cannot be fetched: ${reason}`, { cause: error });
  }
}
