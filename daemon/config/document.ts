/**
 * The text of a configuration file, parsed; and where a key or a value stands in it.
 *
 * What the parser makes of a large file takes a hundred times its length, so it is dropped once the data is there.
 * Places are asked for only to tell of problems, and for that the text is parsed again.
 */

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import type { ConfigPath } from "../../system/config/part.ts";

interface Position {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface ConfigSource {
  /** Plain data: objects, arrays, text, numbers, booleans, null. */
  readonly tree: unknown;
  /** Where the value at `path` stands (or its key); of what is not there, the nearest thing around it. */
  locate(path: ConfigPath, what: "key" | "value"): Position;
}

export type ParseResult =
  | { readonly kind: "parsed"; readonly source: ConfigSource }
  | { readonly kind: "malformed"; readonly faults: readonly (Position & { readonly message: string })[] };

/** An alias may repeat a part, but not a thousand times: the file is small, what it unfolds to need not be. */
const ALIASES_MAX = 100;

export function parseConfigText(text: string): ParseResult {
  const { document, at } = parsed(text);
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => {
    const place = at(pos[0]);
    return { ...place, message: explain(message, text.split("\n")[place.line - 1] ?? "") };
  });
  // One mistake makes the parser stumble several times; the first word about a line is the one that helps.
  const firsts = faults.filter(
    ({ line }, index) => faults.findIndex((other) => other.line === line) === index,
  );
  if (firsts.length > 0) return { kind: "malformed", faults: firsts };
  if (!isMap(document.contents))
    return { kind: "malformed", faults: [{ line: 1, column: 1, message: NO_MAPPING }] };
  try {
    const tree: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return { kind: "parsed", source: { tree, locate: locator(text) } };
  } catch (error) {
    // The only way in which a document without errors cannot be unfolded: too many aliases.
    if (!(error instanceof ReferenceError)) throw error;
    return { kind: "malformed", faults: [{ line: 1, column: 1, message: error.message }] };
  }
}

interface Parsed {
  readonly document: Document.Parsed;
  readonly at: (offset: number) => Position;
}

function parsed(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  return { document, at };
}

/** A function of its own, so that it does not hold what the first parsing has made. */
function locator(text: string): ConfigSource["locate"] {
  let again: Parsed | null = null;
  return (path, what) => {
    again ??= parsed(text);
    return again.at(findOffset(again.document, path, what));
  };
}

const NO_MAPPING = "the file must be a mapping of keys to values, beginning with data_dir";

/** Where the parser quotes the text that it could not read: that may be a secret (I12). The line number is enough. */
const QUOTED =
  /^(Unresolved (?:tag|alias)[^:]*|Block scalar header includes extra characters|Not a YAML token|Invalid escape sequence|Unexpected [^:]* in YAML (?:stream|document)):? [\s\S]*$/;

/** In `{ secret: ${NAME} }` the parser sees a second mapping, and its words do not help. */
function explain(message: string, line: string): string {
  const words = message.replace(QUOTED, "$1").replace(/\.?\s*$/, "");
  return /[{[,][^"']*:\s*\$\{/.test(line)
    ? `${words}; a \${…} inside { } or [ ] needs quotes: "\${NAME}"`
    : words;
}

function findOffset(document: Document.Parsed, path: ConfigPath, what: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const found = child(document, node, step);
    if (found === null) return offset;
    node = found.value;
    const wanted = what === "key" && depth === path.length - 1 ? found.key : found.value;
    offset = start(wanted) ?? start(found.key) ?? offset;
  }
  return offset;
}

interface Found {
  readonly key: unknown;
  readonly value: unknown;
}

function child(document: Document.Parsed, parent: unknown, step: string | number): Found | null {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node) && typeof step === "number") {
    const item: unknown = node.items[step];
    return item === undefined ? null : { key: item, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

function start(node: unknown): number | null {
  return isNode(node) ? ((node as Node).range?.[0] ?? null) : null;
}
