/** Where a value stands in the text that a YAML document was read from, as the number of characters before it. */

import { createRequire } from "node:module";
import type { Document, Node, Scalar } from "yaml";
import type { ConfigPath } from "./part.ts";

type Yaml = typeof import("yaml");

const require = createRequire(import.meta.url);

/**
 * The thorough parser, loaded when a text wants it for the first time: it costs a start 75 ms and 10 MB, and plain
 * texts without mistakes are read by the quick one.
 */
export function loadYaml(): Yaml {
  return require("yaml") as Yaml;
}

/** Of the value at a path, or of its key; of what is not there, of the nearest thing around it. */
export function findOffset(document: Document.Parsed, path: ConfigPath, what: "key" | "value"): number {
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
  const { isAlias, isMap, isScalar, isSeq } = loadYaml();
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node) && typeof step === "number") {
    const item: unknown = node.items[step];
    return item === undefined ? null : { key: item, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

/** The node of a value; what an alias repeats. */
export function nodeAt(document: Document.Parsed, path: ConfigPath): unknown {
  let node: unknown = document.contents;
  for (const step of path) node = child(document, node, step)?.value;
  return loadYaml().isAlias(node) ? node.resolve(document) : node;
}

/**
 * Of a character of a text, from 0. Line by line, because what stands between lines (an indentation, a fold) is not in
 * the text that is made of them.
 */
export function offsetIn(source: string, scalar: Scalar, character: number): number {
  const { range, type } = scalar;
  const [from, to] = range ?? [0, 0];
  const text = String(scalar.value);
  const isBlock = type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED";
  const quote = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE" ? 1 : 0;
  let begin = from;
  let found = from;
  let read = 0;
  for (const [index, line] of source
    .slice(from, to - quote)
    .split("\n")
    .entries()) {
    const written = (index === 0 ? line.slice(quote) : line).trim();
    const words = type === "QUOTE_SINGLE" ? written.replaceAll("''", "'") : written;
    const at = (isBlock && index === 0) || words === "" ? -1 : text.indexOf(words, read);
    if (at > character) break;
    if (at >= 0 && text.slice(read, at).trim() === "") {
      found = begin + line.indexOf(written) + Math.min(character - at, words.length);
      read = at + words.length;
    }
    begin += line.length + 1;
  }
  return found;
}

/** Of a node; `null` for what has no place. */
export function start(node: unknown): number | null {
  return loadYaml().isNode(node) ? ((node as Node).range?.[0] ?? null) : null;
}
