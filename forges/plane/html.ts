/**
 * Markdown of ours as the HTML that Plane keeps, which turns nothing into HTML by itself and cleans nothing.
 *
 * H1. All that is no markup of the subset becomes text: no tag and no attribute comes from what is written.
 * H2. The subset is what we write: paragraphs, headings, lists, quotes, code, bold, emphasis, links, rules.
 */

/** Quotes within quotes; beyond, the signs stay text. */
const DEPTH_MAX = 8;
const TEXT_CHARS_MAX = 262_144;

export function html(markdown: string): string {
  return blocks(markdown.slice(0, TEXT_CHARS_MAX).toWellFormed().replaceAll("\r\n", "\n").split("\n"), 0);
}

interface Block {
  /** Whether a line goes on with what the first began. */
  readonly has: (line: string, before: readonly string[]) => boolean;
  readonly render: (lines: readonly string[], depth: number) => string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBER = /^\s*\d{1,9}[.)]\s+(.*)$/;
const QUOTE = /^ {0,3}>\s?(.*)$/;
const RULE = /^ {0,3}(-{3,}|\*{3,}|_{3,})\s*$/;
/** Hidden from people: a mark, say. */
const REMARK = /^\s*<!--[^\n]*-->\s*$/;

function blocks(lines: readonly string[], depth: number): string {
  let out = "";
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (line.trim() === "" || REMARK.test(line)) {
      at += 1;
      continue;
    }
    const block = blockOf(line, depth);
    const taken = [line];
    while (at + taken.length < lines.length && block.has(lines[at + taken.length] ?? "", taken))
      taken.push(lines[at + taken.length] ?? "");
    out += block.render(taken, depth);
    at += taken.length;
  }
  return out;
}

function blockOf(line: string, depth: number): Block {
  const fence = FENCE.exec(line)?.[1];
  if (fence !== undefined) return fenced(fence);
  const heading = HEADING.exec(line);
  if (heading !== null) {
    const [, marks = "", text = ""] = heading;
    return { has: () => false, render: () => `<h${marks.length}>${inline(text)}</h${marks.length}>` };
  }
  if (RULE.test(line)) return { has: () => false, render: () => "<hr>" };
  if (depth < DEPTH_MAX && QUOTE.test(line)) {
    const within = (quoted: readonly string[]): string[] => quoted.map((it) => QUOTE.exec(it)?.[1] ?? it);
    return {
      has: (next) => QUOTE.test(next),
      render: (quoted) => `<blockquote>${blocks(within(quoted), depth + 1)}</blockquote>`,
    };
  }
  if (BULLET.test(line)) return listed("ul", BULLET);
  if (NUMBER.test(line)) return listed("ol", NUMBER);
  return {
    has: (next) => !isStart(next, depth),
    render: (text) => `<p>${text.map(inline).join("<br>")}</p>`,
  };
}

function isStart(line: string, depth: number): boolean {
  const others = [FENCE, HEADING, BULLET, NUMBER, RULE, REMARK, ...(depth < DEPTH_MAX ? [QUOTE] : [])];
  return line.trim() === "" || others.some((other) => other.test(line));
}

/** Up to a fence of at least the same length, or to the end. */
function fenced(fence: string): Block {
  const isEnd = (line: string): boolean =>
    line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] ?? "", "") === "";
  return {
    has: (_line, before) => before.length === 1 || !isEnd(before.at(-1) ?? ""),
    render: (lines) => {
      const code = lines.slice(1, lines.length > 1 && isEnd(lines.at(-1) ?? "") ? -1 : undefined);
      return `<pre><code>${code.map(escaped).join("\n")}</code></pre>`;
    },
  };
}

/** Flat: what is indented below an entry is an entry, and what has no sign goes on with the one before. */
function listed(tag: "ul" | "ol", sign: RegExp): Block {
  return {
    has: (line) => sign.test(line) || (/^\s+\S/.test(line) && !FENCE.test(line)),
    render: (lines) => {
      const entries: string[] = [];
      for (const line of lines) {
        const entry = sign.exec(line)?.[1];
        if (entry !== undefined) entries.push(inline(entry));
        else entries.push(`${entries.pop() ?? ""}<br>${inline(line.trim())}`);
      }
      return `<${tag}>${entries.map((entry) => `<li>${entry}</li>`).join("")}</${tag}>`;
    },
  };
}

const INLINE =
  /\\([!-/:-@[-`{-~])|(`+)|\[((?:\\.|[^\]\\[])*)\]\((https?:\/\/[^\s()<>]+|mailto:[^\s()<>]+)\)|<(https?:\/\/[^\s<>]+)>|(\*\*|__)(?=\S)|(?<![\w*])([*_])(?=[^\s*_])/g;

/** The text of one line. What opens and is never closed is text. */
function inline(text: string): string {
  let out = "";
  let at = 0;
  const pattern = new RegExp(INLINE);
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [whole, plain, ticks, name, address, bare, strong, emphasis] = found;
    out += told(text.slice(at, found.index));
    at = found.index + whole.length;
    if (plain !== undefined) out += escaped(plain);
    else if (address !== undefined) out += link(address, inline(name ?? ""));
    else if (bare !== undefined) out += link(bare, escaped(bare));
    else {
      const sign = ticks ?? strong ?? emphasis ?? "";
      const end = text.indexOf(sign, at);
      const within = end <= at ? null : text.slice(at, end);
      out += within === null ? escaped(sign) : spanned(sign, within);
      if (within !== null) at = end + sign.length;
    }
    pattern.lastIndex = at;
  }
  return out + told(text.slice(at));
}

function spanned(sign: string, within: string): string {
  if (sign.startsWith("`")) return `<code>${escaped(within.trim())}</code>`;
  const tag = sign.length === 2 ? "strong" : "em";
  return `<${tag}>${inline(within)}</${tag}>`;
}

function link(address: string, text: string): string {
  return `<a href="${escaped(address)}">${text}</a>`;
}

/** Text of Markdown: a character that is written by its name stays one. */
function told(text: string): string {
  return escaped(text).replace(/&amp;(#\d{1,7}|#x[\da-fA-F]{1,6}|[a-zA-Z]{2,8});/g, "&$1;");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
