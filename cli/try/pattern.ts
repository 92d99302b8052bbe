/**
 * Texts that match a regular expression, for examples: short ones, by the shape of the expression. Whoever uses them
 * checks them, so that what is not understood here (look-around, categories of characters) costs nothing but a try.
 */

type Node =
  | { readonly kind: "text"; readonly sample: string }
  | { readonly kind: "all"; readonly parts: readonly Node[] }
  | { readonly kind: "one"; readonly ways: readonly Node[] }
  | { readonly kind: "times"; readonly node: Node; readonly min: number; readonly max: number }
  | { readonly kind: "end" };

/** How often something is repeated beyond what it has to be. */
const EXTRAS = [0, 1, 2, 5, 20, 100, 1_000];
const CHARS_MAX = 20_000;

/** Shortest first; none where the expression is not understood at all. */
export function textsLike(pattern: string, filler = "x"): readonly string[] {
  const root = parse(pattern);
  if (root === null) return [];
  const isOpen = !/\$$/.test(pattern);
  const texts = EXTRAS.flatMap((extra) => {
    const text = written(root, extra);
    return isOpen ? [text, text + filler.repeat(extra)] : [text];
  });
  return [...new Set(texts)].filter((text) => text.length <= CHARS_MAX);
}

function written(node: Node, extra: number): string {
  switch (node.kind) {
    case "text":
      return node.sample;
    case "all":
      return node.parts.map((part) => written(part, extra)).join("");
    case "one": {
      const [first] = node.ways;
      return first === undefined ? "" : written(first, extra);
    }
    case "times": {
      const once = written(node.node, extra);
      const times = Math.min(node.max, node.min + extra);
      return once.repeat(Math.min(times, Math.ceil(CHARS_MAX / Math.max(1, once.length))));
    }
    case "end":
      return "";
  }
}

interface Reader {
  readonly text: string;
  at: number;
}

function parse(pattern: string): Node | null {
  const reader: Reader = { text: pattern, at: 0 };
  const node = readWays(reader);
  return node === null || reader.at < pattern.length ? null : node;
}

function readWays(reader: Reader): Node | null {
  const ways: Node[] = [];
  do {
    const parts: Node[] = [];
    while (reader.at < reader.text.length && !"|)".includes(reader.text[reader.at] ?? "")) {
      const part = readPart(reader);
      if (part === null) return null;
      parts.push(part);
    }
    ways.push({ kind: "all", parts });
  } while (reader.text[reader.at] === "|" && ++reader.at > 0);
  return { kind: "one", ways };
}

function readPart(reader: Reader): Node | null {
  const atom = readAtom(reader);
  if (atom === null) return null;
  const [whole, sign, low, comma, high] =
    /^(?:([*+?])|\{(\d{1,5})(,)?(\d{1,5})?\})\??/.exec(reader.text.slice(reader.at)) ?? [];
  if (whole === undefined) return atom;
  reader.at += whole.length;
  if (sign !== undefined) {
    const max = sign === "?" ? 1 : Number.POSITIVE_INFINITY;
    return { kind: "times", node: atom, min: sign === "+" ? 1 : 0, max };
  }
  const min = Number(low);
  const open = comma === undefined ? min : Number.POSITIVE_INFINITY;
  return { kind: "times", node: atom, min, max: high === undefined ? open : Number(high) };
}

function readAtom(reader: Reader): Node | null {
  const rest = reader.text.slice(reader.at);
  const [anchor] = /^(\^|\$|\\[bB])/.exec(rest) ?? [];
  if (anchor !== undefined) {
    reader.at += anchor.length;
    return { kind: "end" };
  }
  const [group] = /^\((\?:|\?<[A-Za-z]\w*>|(?!\?))/.exec(rest) ?? [];
  if (group !== undefined) {
    reader.at += group.length;
    const inside = readWays(reader);
    return inside === null || reader.text[reader.at++] !== ")" ? null : inside;
  }
  const [one] =
    /^(\[\^?\]?(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|[^()])/su.exec(
      rest,
    ) ?? [];
  if (one === undefined) return null;
  reader.at += one.length;
  const sample = sampleOf(one);
  return sample === null ? null : { kind: "text", sample };
}

/** What is tried for a class, the nicest first. */
const PROBES = ["a", "A", "1", "x", "0", "-", "_", " ", ".", "/", ":", "@", "#", "ä", "!", "~"];

/** A character that one part of an expression takes: the engine itself says whether it does. */
function sampleOf(atom: string): string | null {
  if (!/^[[\\.]/.test(atom)) return atom;
  let takes: RegExp;
  try {
    takes = new RegExp(`^(?:${atom})$`, "u");
  } catch {
    // An escape of another dialect.
    return null;
  }
  const own = atom.replace(/\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})/g, (_all, long, short) =>
    String.fromCharCode(Number.parseInt(long ?? short, 16)),
  );
  const named = [...own].filter((character) => !"[]^\\".includes(character));
  const escaped: readonly string[] = ["\n", "\t", "\r", "\\", "]", "[", "^"];
  return [...PROBES, ...named, ...escaped].find((character) => takes.test(character)) ?? null;
}
