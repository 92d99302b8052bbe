/**
 * The text of a YAML file that a person has written, parsed; and where a key or a value stands in it.
 *
 * D1. What comes out is what JSON can hold, and no circle: no dates, bytes or sets, no mapping as a key, no tag.
 * D2. A hostile text is refused, and soon: it makes nobody throw, and it unfolds to nothing that is much larger.
 * D3. What the parser makes of a large file takes a hundred times its length, so it is dropped once the data is there.
 *     Places are asked for only to tell of problems, and for that the text is parsed again.
 */

import type { Document, LineCounter, Node, YAMLMap } from "yaml";
import { findOffset, loadYaml, nodeAt, offsetIn, start } from "./offsets.ts";
import type { ConfigPath } from "./part.ts";
import { quicklyParsed } from "./quick-document.ts";

export interface Position {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface YamlSource {
  /** Plain data: objects, arrays, text, numbers, booleans, null. */
  readonly tree: unknown;
  /** Where the value at `path` stands (or its key); of what is not there, the nearest thing around it. */
  locate(path: ConfigPath, what: "key" | "value"): Position;
  /** Where a character of the text at `path` stands, from 0; of what is no text, where the value begins. */
  locateIn(path: ConfigPath, character: number): Position;
}

export type YamlResult =
  | { readonly kind: "parsed"; readonly source: YamlSource }
  | { readonly kind: "malformed"; readonly faults: readonly (Position & { readonly message: string })[] };

/** An alias may repeat a part, but not a thousand times: the file is small, what it unfolds to need not be. */
const REPEATS_MAX = 100;
/** Of all parts: the library looks through the whole document for each of them. */
const ALIASES_MAX = 500;
/** Told of one text: who mends so many will try again anyway. */
const FAULTS_MAX = 100;

/** @param noMapping what is said of a text that is something else than a mapping of keys to values */
export function parseYaml(text: string, noMapping: string): YamlResult {
  const tree = quicklyParsed(text);
  return tree === null
    ? parseThoroughly(text, noMapping)
    : { kind: "parsed", source: { tree, ...places(text) } };
}

/** The same for every text there is, in five times the time. */
export function parseThoroughly(text: string, noMapping: string): YamlResult {
  const { document, at } = parsed(text);
  const refuse = (found: readonly Stumble[]): YamlResult => {
    const lines = text.split("\n");
    // One mistake makes the parser stumble several times; the first word about a line is the one that helps.
    const firsts = new Map<number, Position & { readonly message: string }>();
    for (const { message, offset } of found) {
      const place = at(offset);
      if (firsts.has(place.line) || firsts.size >= FAULTS_MAX) continue;
      firsts.set(place.line, { ...place, message: explain(message, lines[place.line - 1] ?? "") });
    }
    return { kind: "malformed", faults: [...firsts.values()] };
  };
  const stumbles = [...document.errors, ...document.warnings];
  if (stumbles.length > 0) return refuse(stumbles.map(({ message, pos }) => ({ message, offset: pos[0] })));
  if (!loadYaml().isMap(document.contents)) return refuse([{ message: noMapping, offset: 0 }]);
  try {
    const strangers = strangersIn(document);
    if (strangers.length > 0) return refuse(strangers);
    const tree: unknown = document.toJS({ maxAliasCount: REPEATS_MAX });
    return { kind: "parsed", source: { tree, ...places(text) } };
  } catch (error) {
    // The ways in which a document without errors cannot be unfolded: too many aliases, or one of nothing; too deep.
    if (!(error instanceof Error)) throw error;
    return refuse([{ message: error instanceof RangeError ? TOO_DEEP : error.message, offset: 0 }]);
  }
}

interface Parsed {
  readonly document: Document.Parsed;
  readonly at: (offset: number) => Position;
}

function parsed(text: string): Parsed {
  const { LineCounter: Counter, parseDocument } = loadYaml();
  const counter: LineCounter = new Counter();
  // The library compares each key of a mapping with all others; the walk below does it once.
  const options = { lineCounter: counter, merge: true, prettyErrors: false, uniqueKeys: false };
  const document = parseDocument(text, options);
  const at = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
  return { document, at };
}

/** D3. A function of its own, so that it does not hold what the first parsing has made. */
function places(text: string): Pick<YamlSource, "locate" | "locateIn"> {
  let again: Parsed | null = null;
  const locate: YamlSource["locate"] = (path, what) => {
    again ??= parsed(text);
    return again.at(findOffset(again.document, path, what));
  };
  const locateIn: YamlSource["locateIn"] = (path, character) => {
    again ??= parsed(text);
    const node = nodeAt(again.document, path);
    return loadYaml().isScalar(node) ? again.at(offsetIn(text, node, character)) : locate(path, "value");
  };
  return { locate, locateIn };
}

interface Stumble {
  readonly message: string;
  readonly offset: number;
}

const TOO_DEEP = "it is nested too deep";
const TAGS = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

/** D1. In the order of the text. */
function strangersIn(document: Document.Parsed): readonly Stumble[] {
  const { isAlias, isMap, isNode, isScalar, visit } = loadYaml();
  const found: Stumble[] = [];
  const anchors = new Map<string, Node>();
  let aliases = 0;
  visit(document, (key, node, path) => {
    if (!isNode(node)) return;
    const refuse = (message: string, at: unknown = node): void => {
      found.push({ message, offset: start(at) ?? 0 });
    };
    if (key === "key" && !isScalar(node)) refuse("a key must be a word: no list, no mapping and no alias");
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined && path.includes(target))
        refuse(`*${node.source} stands within what it repeats`);
      aliases += 1;
      if (aliases === ALIASES_MAX) refuse(`there are more than ${ALIASES_MAX} aliases`);
      return;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (node.tag !== undefined && !TAGS.test(node.tag))
      refuse("tags are not used here; write the value plainly");
    else if (isScalar(node) && !isPlain(node.value))
      refuse("must be text, a finite number, true, false or null; put it in quotes if it is text");
    else if (isMap(node)) for (const twice of repeatedKeys(node)) refuse("Map keys must be unique", twice);
  });
  return found;
}

function repeatedKeys({ items }: YAMLMap): readonly unknown[] {
  const { isScalar } = loadYaml();
  const names = new Set<string>();
  return items.flatMap(({ key }) => {
    const name = isScalar(key) ? String(key.value) : "";
    const isNew = !isScalar(key) || !names.has(name);
    names.add(name);
    return isNew ? [] : [key];
  });
}

function isPlain(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  // A key of merging is a symbol.
  return value === null || ["string", "boolean", "symbol"].includes(typeof value);
}

/** Where the parser quotes the text that it could not read: that may be a secret (I12). The line number is enough. */
const QUOTED =
  /^(Unresolved (?:tag|alias)[^:]*|Block scalar header includes extra characters|Not a YAML token|Invalid escape sequence|Unexpected [^:]* in YAML (?:stream|document)):? [\s\S]*$/;

/** In `{ secret: ${NAME} }` the parser sees a second mapping, and its words do not help. */
function explain(message: string, line: string): string {
  const words = message
    .replace(QUOTED, "$1")
    .replace(/; please use YAML\.parseAllDocuments\(\)/, "; write one, without a line --- in it")
    .replace(/\.?\s*$/, "");
  return /[{[,][^"']*:\s*\$\{/.test(line)
    ? `${words}; a \${…} inside { } or [ ] needs quotes: "\${NAME}"`
    : words;
}
