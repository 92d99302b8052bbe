// A small part of Markdown as elements. Everything from outside becomes text: no markup is ever taken over, comments
// that people do not see stay unseen, and links lead to http(s) alone.

export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.filter((child) => child !== null));
  return element;
}

const INLINE =
  /(`+)(.+?)\1|!?\[([^\]]*)\]\(<?([^)\s>]+)>?\)|\*\*(.+?)\*\*|__(.+?)__|\*([^*\s][^*]*)\*|~~(.+?)~~|(https?:\/\/[^\s<>()]+)|<(https?:\/\/[^>\s]+)>|\\([!-/:-@[-`{-~])|&(lt|gt|amp|quot|#39);|\b([0-9a-f]{40})\b/;
const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };
const DEPTH_MAX = 8;

function link(href, ...children) {
  if (!/^https?:\/\//i.test(href)) return make("span", {}, ...children);
  return make("a", { href, rel: "noreferrer nofollow" }, ...children);
}

/** One run of text with what stands in it. */
export function inline(text, depth = 0) {
  const out = document.createDocumentFragment();
  let rest = text;
  while (rest !== "") {
    const found = depth < DEPTH_MAX ? INLINE.exec(rest) : null;
    if (found === null) {
      out.append(rest);
      break;
    }
    out.append(rest.slice(0, found.index));
    out.append(elementOf(found, depth));
    rest = rest.slice(found.index + found[0].length);
  }
  return out;
}

function elementOf(found, depth) {
  const [, , code, label, href, strong, strongToo, em, struck, bare, angled, escaped, entity, sha] = found;
  if (code !== undefined) return make("code", {}, code.trim());
  if (href !== undefined) return link(href, inline(label || href, depth + 1));
  if (strong ?? strongToo) return make("strong", {}, inline(strong ?? strongToo, depth + 1));
  if (em !== undefined) return make("em", {}, inline(em, depth + 1));
  if (struck !== undefined) return make("del", {}, inline(struck, depth + 1));
  if (escaped !== undefined) return document.createTextNode(escaped);
  if (entity !== undefined) return document.createTextNode(NAMED[entity]);
  if (sha !== undefined) return make("code", { title: sha }, sha.slice(0, 7));
  return link(bare ?? angled, bare ?? angled);
}

const FOLD = /^<details>\s*$|^<details><summary>(.*?)<\/summary>\s*$/i;

/** A whole text, as blocks. */
export function markdown(source) {
  const lines = (source ?? "").replace(/<!--[\s\S]*?(-->|$)/g, "").split(/\r?\n/);
  return blocks(lines, 0);
}

function blocks(lines, depth) {
  const out = document.createDocumentFragment();
  let at = 0;
  const take = (matches) => {
    const taken = [];
    while (at < lines.length && matches(lines[at])) taken.push(lines[at++]);
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at];
    const fence = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (line.trim() === "" || (/^<\/?(br|p|sub|details|summary)\b[^>]*>\s*$/i.test(line) && !FOLD.test(line)))
      at += 1;
    else if (fence !== undefined) {
      at += 1;
      const inside = take((one) => !one.trim().startsWith(fence));
      at += 1;
      out.append(make("pre", {}, make("code", {}, inside.join("\n"))));
    } else if (FOLD.test(line) && depth < DEPTH_MAX) {
      at += 1;
      const inside = take((one) => !/^<\/details>/i.test(one.trim()));
      at += 1;
      const said = /^<summary>(.*?)<\/summary>\s*$/i.exec(inside[0] ?? "");
      const summary = FOLD.exec(line)[1] ?? said?.[1] ?? "Details";
      const body = blocks(said ? inside.slice(1) : inside, depth + 1);
      out.append(make("details", {}, make("summary", {}, inline(summary.replace(/<\/?\w+>/g, ""))), body));
    } else if (/^#{1,6}\s/.test(line)) {
      const [, marks, text] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
      out.append(make(`h${Math.min(6, marks.length + 1)}`, {}, inline(text)));
      at += 1;
    } else if (/^\s{0,3}([-*_])(\s*\1){2,}\s*$/.test(line)) {
      out.append(make("hr"));
      at += 1;
    } else if (/^\s{0,3}>/.test(line) && depth < DEPTH_MAX)
      out.append(
        make(
          "blockquote",
          {},
          blocks(
            take((one) => /^\s{0,3}>/.test(one)).map((one) => one.replace(/^\s{0,3}> ?/, "")),
            depth + 1,
          ),
        ),
      );
    else if (/^\s{0,3}([-*+]|\d+[.)])\s/.test(line)) out.append(list(take, /^\s{0,3}\d/.test(line)));
    else if (/^\s*\|.*\|\s*$/.test(line) && /^\s*\|[\s:|-]+\|\s*$/.test(lines[at + 1] ?? ""))
      out.append(table(take((one) => /^\s*\|.*\|\s*$/.test(one))));
    else
      out.append(
        paragraph(
          take((one) => one.trim() !== "" && !/^\s{0,3}(#{1,6}\s|```|~~~|>|[-*+]\s|\d+[.)]\s)/.test(one)),
          line,
          () => (at += 1),
        ),
      );
  }
  return out;
}

function paragraph(taken, line, next) {
  if (taken.length === 0) {
    next();
    return make("p", {}, inline(line));
  }
  const parts = taken.flatMap((one, index) => (index === 0 ? [inline(one)] : [make("br"), inline(one)]));
  return make("p", {}, ...parts);
}

function list(take, isOrdered) {
  const items = take((one) => /^\s*([-*+]|\d+[.)])\s/.test(one) || /^\s{2,}\S/.test(one));
  const element = make(isOrdered ? "ol" : "ul");
  for (const item of items) {
    const [, indent, , text] = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/.exec(item) ?? [];
    if (text === undefined) {
      element.lastElementChild?.append(" ", inline(item.trim()));
      continue;
    }
    const [, box, rest] = /^\[([ xX])\]\s+(.*)$/.exec(text) ?? [];
    const mark =
      box === undefined ? null : make("input", { type: "checkbox", checked: box !== " ", disabled: true });
    const made = make(
      "li",
      { className: `${indent.length >= 2 ? "deeper" : ""} ${box === undefined ? "" : "box"}` },
      mark,
      inline(rest ?? text),
    );
    element.append(made);
  }
  return element;
}

const cellsOf = (row) =>
  row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

function table(rows) {
  const [head, , ...body] = rows.map(cellsOf);
  const row = (cells, name) => make("tr", {}, ...cells.map((cell) => make(name, {}, inline(cell))));
  return make(
    "table",
    {},
    make("thead", {}, row(head, "th")),
    make("tbody", {}, ...body.map((cells) => row(cells, "td"))),
  );
}
