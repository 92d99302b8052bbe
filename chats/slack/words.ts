/** Text on its way to Slack, and what people there have written on its way back. Pure. */

/** Control characters are nothing that anybody reads; a line feed and a tab are. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** As Slack can store it: halves of characters replaced, control characters out, lines ended by a line feed. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROL, "").toWellFormed();
}

/** For every place where `&`, `<` and `>` are control characters: nothing of it is a mention, a link or a date. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The first characters of a text, never half a one, with a sign of what is missing. @param max in UTF-16 units */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = max - 1;
  const isSplit = /[\ud800-\udbff]/.test(text[end - 1] ?? "");
  return `${text.slice(0, isSplit ? end - 1 : end)}…`;
}

/** What is in angle brackets: a link or a mention, and what is shown of it. */
const CONTROLLED = /<([^<>|]*)(?:\|([^<>]*))?>/g;

/** What a person meant by the text of a message: links and mentions as they are read, nothing escaped. */
export function meant(text: string): string {
  const read = text.replace(CONTROLLED, (_all, target: string, label: string | undefined) => {
    const [sign = "", rest] = [target[0], target.slice(1)];
    if (sign === "@" || sign === "#")
      return label === undefined || label === "" ? target : sign + bare(label);
    if (sign === "!") return label === undefined || label === "" ? `@${rest.split("^")[0]}` : label;
    return target;
  });
  return read.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Slack writes some labels with the sign, and some without. */
function bare(label: string): string {
  return label.replace(/^[@#]/, "");
}
