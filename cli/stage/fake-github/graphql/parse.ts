/** Reads a GraphQL document: operations, selections, arguments and fragments; no directives. */

export type Value =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "plain"; readonly value: string | number | boolean | null }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, Value>> };

export type Selection =
  | {
      readonly kind: "field";
      readonly name: string;
      readonly alias: string;
      readonly args: Readonly<Record<string, Value>>;
      /** `null`: a plain value is wanted. */
      readonly inside: readonly Selection[] | null;
    }
  | { readonly kind: "spread"; readonly name: string }
  | { readonly kind: "inline"; readonly on: string | null; readonly inside: readonly Selection[] };

export interface Operation {
  readonly kind: "query" | "mutation";
  /** Those declared, with what stands for one that is not given. */
  readonly variables: ReadonlyMap<string, { readonly isNeeded: boolean; readonly otherwise: Value | null }>;
  readonly selections: readonly Selection[];
}

export interface Document {
  readonly operation: Operation;
  readonly fragments: ReadonlyMap<string, readonly Selection[]>;
}

export class ParseError extends Error {}

const TOKEN = /\s+|,|#[^\n]*|(\.\.\.|[{}()[\]:!=$@]|-?\d+(?:\.\d+)?|"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*)/y;
const TOKENS_MAX = 10_000;

/** @throws ParseError */
export function parseDocument(source: string): Document {
  const reader = new Reader(tokensOf(source));
  let operation: Operation | null = null;
  const fragments = new Map<string, readonly Selection[]>();
  while (!reader.isAtEnd()) {
    if (reader.took("fragment")) {
      const name = reader.next();
      reader.expect("on");
      reader.next();
      fragments.set(name, reader.selections());
    } else operation = reader.operation();
  }
  if (operation === null) throw new ParseError("No operation was found");
  return { operation, fragments };
}

function tokensOf(source: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const matched = TOKEN.exec(source);
    if (matched === null) throw new ParseError(`Parse error on ${JSON.stringify(source[at])} at ${at}`);
    if (matched[1] !== undefined) tokens.push(matched[1]);
    if (tokens.length > TOKENS_MAX) throw new ParseError("Query is too large");
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(): string {
    return this.#tokens[this.#at] ?? "";
  }

  next(): string {
    const token = this.peek();
    if (token === "") throw new ParseError("Unexpected end of document");
    this.#at += 1;
    return token;
  }

  took(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new ParseError(`Expected ${token}, found ${found}`);
  }

  operation(): Operation {
    if (this.peek() === "{") return { kind: "query", variables: new Map(), selections: this.selections() };
    const kind = this.next();
    if (kind !== "query" && kind !== "mutation") throw new ParseError(`Unexpected ${kind}`);
    if (!["(", "{"].includes(this.peek())) this.next();
    return { kind, variables: this.#variables(), selections: this.selections() };
  }

  #variables(): Operation["variables"] {
    const variables = new Map<string, { isNeeded: boolean; otherwise: Value | null }>();
    if (!this.took("(")) return variables;
    while (!this.took(")")) {
      this.expect("$");
      const name = this.next();
      this.expect(":");
      let type = "";
      while (![")", "$", "="].includes(this.peek())) type = this.next();
      const otherwise = this.took("=") ? this.#value() : null;
      variables.set(name, { isNeeded: type === "!" && otherwise === null, otherwise });
    }
    return variables;
  }

  selections(): readonly Selection[] {
    this.#depth += 1;
    if (this.#depth > 30) throw new ParseError("Query is too deep");
    this.expect("{");
    const selections: Selection[] = [];
    while (!this.took("}")) selections.push(this.#selection());
    this.#depth -= 1;
    if (selections.length === 0) throw new ParseError("Expected a selection");
    return selections;
  }

  #selection(): Selection {
    if (this.took("...")) {
      if (this.took("on")) return { kind: "inline", on: this.next(), inside: this.selections() };
      if (this.peek() === "{") return { kind: "inline", on: null, inside: this.selections() };
      return { kind: "spread", name: this.next() };
    }
    const first = this.next();
    const name = this.took(":") ? this.next() : first;
    const args = this.took("(") ? this.#fields(")") : {};
    return {
      kind: "field",
      name,
      alias: first,
      args,
      inside: this.peek() === "{" ? this.selections() : null,
    };
  }

  #fields(end: string): Readonly<Record<string, Value>> {
    const fields: Record<string, Value> = {};
    while (!this.took(end)) {
      const name = this.next();
      this.expect(":");
      fields[name] = this.#value();
    }
    return fields;
  }

  #value(): Value {
    const token = this.next();
    if (token === "$") return { kind: "variable", name: this.next() };
    if (token === "{") return { kind: "object", fields: this.#fields("}") };
    if (token === "[") {
      const items: Value[] = [];
      while (!this.took("]")) items.push(this.#value());
      return { kind: "list", items };
    }
    if (token.startsWith('"') || /^-?\d/.test(token)) return { kind: "plain", value: JSON.parse(token) };
    const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
    return { kind: "plain", value: Object.hasOwn(words, token) ? (words[token] ?? null) : token };
  }
}
