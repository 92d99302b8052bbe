/**
 * Text as people see it (I13): what nobody sees is taken out, by a list of what may stay.
 *
 * V1. What stays: letters, marks on something, numbers, punctuation, symbols, space, line feed and tab. All else goes:
 *     control and format characters (bidirectional ones among them), tags, private use, what Unicode has not assigned,
 *     halves of characters, and letters and symbols that are drawn as nothing.
 * V2. Three invisible characters have a meaning that people see, and stay where they have it, one at a time: joiners
 *     inside words of scripts that are written with them, the joiner inside one emoji, and the selector that makes a
 *     symbol an emoji. Every other selector goes, because a row of them can spell a hidden message.
 * V3. What results is stable (also under NFC): the same function changes nothing of it. So nothing that is looked for
 *     in it afterwards can come to be by taking something out of it.
 */

/** Marks on one letter. Scripts that stack them need six; more is a picture painted over the lines above. */
const MARKS_MAX = 8;

const LINE_BREAK = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/gu;
/** Blanks of all widths, and signs that are drawn as one. */
const BLANK = /[\p{Zs}\u2800]/gu;

/** V1; the three of V2 are weighed afterwards. */
const UNSEEN =
  /[^\p{L}\p{M}\p{N}\p{P}\p{S} \n\t\u200c\u200d]|[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\ufe0f]]|[\ufffc\u{16fe4}\u{1d159}]/gv;

/** Scripts whose words hold joiners: Arabic and its kin, and those of India and its neighbours. */
const JOINED =
  "[[\\p{L}\\p{M}]&&[\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Nkoo}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}" +
  "\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Mymr}\\p{scx=Khmr}\\p{scx=Tibt}]]";
const IN_WORD = `(?<=${JOINED})[\\u200c\\u200d](?=${JOINED})`;
const IN_EMOJI =
  "(?<=\\p{Extended_Pictographic}\\p{Emoji_Modifier}?\\ufe0f?)\\u200d(?=\\p{Extended_Pictographic})";
const AS_EMOJI =
  "(?<=[\\p{Extended_Pictographic}--\\p{Emoji_Presentation}])\\ufe0f|(?<=[0-9#*])\\ufe0f(?=\\u20e3)";
/** V2: those that stay, or any of the three. */
const GLUE = new RegExp(`(${IN_WORD}|${IN_EMOJI}|${AS_EMOJI})|[\\u200c\\u200d\\ufe0f]`, "gv");

/** A mark on nothing, or one too many. */
const LOOSE_MARKS = new RegExp(`((?<=^|[ \\n\\t])\\p{M}+)|(?<=\\p{M}{${MARKS_MAX}})\\p{M}+`, "gv");

/** What people see of a text (V1, V2); stable (V3). Lines end with a line feed. */
export function visibleText(text: string): string {
  return settled(text, (now) =>
    now
      .normalize("NFC")
      .replace(LINE_BREAK, "\n")
      .replace(BLANK, " ")
      .replace(UNSEEN, "")
      .replace(GLUE, (_glue, kept?: string) => kept ?? "")
      .replace(LOOSE_MARKS, ""),
  );
}

/** The same on one line, without blanks at its ends. */
export function visibleLine(text: string): string {
  return settled(text, (now) => visibleText(now).replace(/\s+/g, " ").trim());
}

/** Does `step` until it changes nothing. It must come to that: each step takes something out, or composes. */
export function settled(text: string, step: (text: string) => string): string {
  let [before, now] = [text, step(text)];
  while (now !== before) [before, now] = [now, step(now)];
  return now;
}
