/**
 * A source file as the house test sees it: parsed, so that a word in a comment or in a string is not taken for code.
 */

import { readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";

export interface Import {
  readonly line: number;
  /** As written: `./x.ts`, `node:fs`, `hono/html`. */
  readonly from: string;
  readonly typesOnly: boolean;
}

export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  /** First folder of the path. */
  readonly room: string;
  readonly text: string;
  /** The text with comments and the insides of strings blanked out; lines and columns stay. */
  readonly code: string;
  readonly comments: readonly { readonly line: number; readonly text: string }[];
  /** String and template literals as they stand in the text. */
  readonly strings: readonly { readonly line: number; readonly text: string }[];
  readonly imports: readonly Import[];
  readonly functions: readonly { readonly line: number; readonly name: string; readonly lines: number }[];
  readonly emptyCatches: readonly number[];
  /** Casts (`x as T`) other than `as const`. */
  readonly casts: readonly number[];
  /** It opens with a comment, before any code. */
  readonly hasPage: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];

export function readSource(root: string, path: string): Source {
  return parseSource(path, readFileSync(`${root}/${path}`, "utf8"));
}

/** @throws when the text does not parse: then nothing in it can be judged. */
export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message ?? ""}`);
  const found = survey(program);
  const of = (...types: readonly string[]): Node[] => found.filter(({ type }) => types.includes(type));
  const line = (offset: number): number => text.slice(0, offset).split("\n").length;
  const literals = [
    ...of("Literal").filter(({ value }) => typeof value === "string"),
    ...of("TemplateLiteral"),
  ];
  const blanks = [...comments, ...of("Literal").filter(isWordy), ...of("TemplateElement")];
  const first = found.find(({ type }) => type !== "Program" && type !== "Hashbang");
  return {
    path,
    room: path.split("/")[0] ?? "",
    text,
    code: blank(text, blanks),
    comments: comments.map((comment) => ({ line: line(comment.start), text: comment.value })),
    strings: literals.map((node) => ({ line: line(node.start), text: text.slice(node.start, node.end) })),
    imports: of(
      "ImportDeclaration",
      "ImportExpression",
      "ExportNamedDeclaration",
      "ExportAllDeclaration",
      "TSImportType",
    )
      .map((node) => importOf(node, line(node.start)))
      .filter((found) => found !== null),
    functions: of(...FUNCTIONS, "MethodDefinition").map((node) => ({
      line: line(node.start),
      name: nameOf(node) ?? "(anonymous)",
      lines: line(node.end) - line(node.start) + 1,
    })),
    emptyCatches: of("CatchClause")
      .filter(({ body }) => isNode(body) && Array.isArray(body["body"]) && body["body"].length === 0)
      .map(({ start }) => line(start)),
    casts: of("TSAsExpression", "TSTypeAssertion")
      .filter((node) => !/\bas const$/.test(text.slice(node.start, node.end)))
      .map(({ start }) => line(start)),
    hasPage: comments.some(({ start }) => first === undefined || start < first.start),
  };
}

/** The node and all below it, in the order of the text. */
function survey(root: unknown): Node[] {
  const nodes: Node[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (!isNode(value)) return;
    nodes.push(value);
    for (const child of Object.values(value)) if (typeof child === "object" && child !== null) visit(child);
  };
  visit(root);
  return nodes.sort((a, b) => a.start - b.start);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value && "end" in value;
}

/** Strings and regular expressions; numbers and `null` hold no words. */
function isWordy({ value, regex }: Node): boolean {
  return typeof value === "string" || regex !== undefined;
}

function importOf(node: Node, line: number): Import | null {
  const source = node["source"];
  if (!isNode(source) || typeof source["value"] !== "string") return null;
  const kind = node["importKind"] ?? node["exportKind"];
  return { line, from: source["value"], typesOnly: kind === "type" || node.type === "TSImportType" };
}

function nameOf(node: Node): string | null {
  const named = node["id"] ?? node["key"];
  return isNode(named) && typeof named["name"] === "string" ? named["name"] : null;
}

function blank(text: string, ranges: readonly { readonly start: number; readonly end: number }[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    pieces.push(text.slice(at, start), text.slice(start, end).replace(/[^\n]/g, " "));
    at = end;
  }
  return pieces.join("") + text.slice(at);
}
