/**
 * A message as Slack's blocks. Pure.
 *
 * S1. Text from outside stands in `rich_text` and `plain_text` only. Those take no markup at all, so that nothing in it
 *     can style, link or mention. In `mrkdwn` it could: there `& < >` alone can be escaped, but neither `* _ ~` nor
 *     backticks, and what would keep those apart are invisible characters, which people then copy. The one `mrkdwn`
 *     here is of our own making: the live time in a context, which has no other way to show one.
 * S2. The blocks as JSON take at most 12,000 bytes. Slack documents 12,000 characters of text for a message and counts
 *     its containers too, in a way that it does not tell (`msg_blocks_too_long` was seen at 13,297 characters in one
 *     block and at 11,341 in 45); bytes of the JSON are more than any of that.
 * S3. The same message and token give the same body.
 */

import type {
  ActionsBlock,
  ContextBlock,
  KnownBlock,
  RichTextBlockElement,
  RichTextElement,
  Button as SlackButton,
} from "@slack/types";
import type { Button, Line, Message, Piece, Rendered } from "../chat.ts";
import { fit } from "../fit.ts";
import { clean, cut, escaped } from "./words.ts";

const BLOCKS_BYTES_MAX = 12_000;
const BLOCKS_MAX = 50;
const CONTEXT_ELEMENTS_MAX = 10;
/** Of a whole message: far more than anybody chooses from, and half of the room at most (S2). */
const BUTTONS_MAX = 25;
const SECTION_CHARS_MAX = 3_000;
const LABEL_CHARS_MAX = 75;
const URL_CHARS_MAX = 3_000;
/** Of what a notification shows; Slack recommends less than 4,000, and escaping makes up to five of one. */
const FALLBACK_CHARS_MAX = 600;
/** No piece alone needs more of the room; fitting what is longer would take long. */
const PIECE_CHARS_MAX = 1_500;
/** Of an element of a context. */
const CONTEXT_CHARS_MAX = 3_000;
/** A `Date` can be no later. */
const TIME_MAX = 8.64e15;

/** What of a message is sent in each call that shows it. */
export interface Body {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly metadata: {
    readonly event_type: string;
    readonly event_payload: { readonly card: string };
  };
}

/** By its metadata a message is known again. */
export const METADATA_TYPE = "chargehand_card";

export interface RenderOptions {
  readonly token: string;
  readonly isPlain: boolean;
  /** Whether a press would be heard. */
  readonly hasButtons: boolean;
}

export function render(message: Message, { token, isPlain, hasButtons }: RenderOptions): Rendered {
  const cleaned: Message = {
    lines: message.lines.map(cleanLine).filter(({ pieces }) => pieces.length > 0),
    buttons: hasButtons ? message.buttons : [],
  };
  const short = fit(cleaned, (some) => sizeOf(blocksOf(some, token)), BLOCKS_BYTES_MAX);
  const text = fallbackOf(short.lines);
  const body: Body = {
    text: escaped(cut(text, FALLBACK_CHARS_MAX)),
    blocks: isPlain ? plainBlocks(text, short, token) : blocksOf(short, token),
    metadata: { event_type: METADATA_TYPE, event_payload: { card: token } },
  };
  return { body: JSON.stringify(body) };
}

function cleanLine(line: Line): Line {
  const pieces = line.pieces.flatMap((piece): readonly Piece[] => {
    if (!("text" in piece))
      return Number.isFinite(piece.time) && Math.abs(piece.time) <= TIME_MAX ? [piece] : [];
    const text = cut(clean(piece.text), PIECE_CHARS_MAX);
    return text === "" ? [] : [{ ...piece, text }];
  });
  return pieces.some((piece) => !("text" in piece) || piece.text.trim() !== "")
    ? { ...line, pieces }
    : { ...line, pieces: [] };
}

/** S2. */
function sizeOf(blocks: readonly KnownBlock[]): number {
  return blocks.length > BLOCKS_MAX ? Number.POSITIVE_INFINITY : Buffer.byteLength(JSON.stringify(blocks));
}

function blocksOf({ lines, buttons }: Message, token: string): readonly KnownBlock[] {
  const blocks: KnownBlock[] = [];
  let rich: RichTextBlockElement[] = [];
  const flush = (): void => {
    if (rich.length > 0) blocks.push({ type: "rich_text", elements: rich });
    rich = [];
  };
  for (const line of lines) {
    if (isQuiet(line)) {
      flush();
      blocks.push(contextOf(line));
    } else {
      add(rich, line);
    }
  }
  flush();
  return [...blocks, ...actionsOf(buttons, token)];
}

/** Lines of one kind that follow one another are one element: between two there would be a gap. */
function add(rich: RichTextBlockElement[], { pieces, isQuote }: Line): void {
  const type = isQuote === true ? "rich_text_quote" : "rich_text_section";
  const elements = pieces.map(elementOf);
  const last = rich.at(-1);
  if (last?.type === type) last.elements.push({ type: "text", text: "\n" }, ...elements);
  else rich.push({ type, elements });
}

function elementOf(piece: Piece): RichTextElement {
  if ("time" in piece)
    return {
      type: "date",
      timestamp: Math.floor(piece.time / 1_000),
      format: formatOf(piece.as),
      fallback: written(piece.time),
    };
  const { text } = piece;
  if ("href" in piece)
    return isAddress(piece.href) ? { type: "link", url: piece.href, text } : { type: "text", text };
  if (piece.as === "bold") return { type: "text", text, style: { bold: true } };
  return piece.as === "code" ? { type: "text", text, style: { code: true } } : { type: "text", text };
}

function isAddress(href: string): boolean {
  const protocol = URL.parse(href)?.protocol ?? "";
  return ["http:", "https:"].includes(protocol) && href.length <= URL_CHARS_MAX;
}

function formatOf(as: "since" | "at"): string {
  return as === "since" ? "{ago}" : "{date_short_pretty} {time}";
}

/** A time for those whose program shows none: to the minute. */
function written(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A context is small and grey, and can hold neither a link nor a style without markup (S1). */
function isQuiet({ pieces, isQuote }: Line): boolean {
  const isAllQuiet = pieces.every((piece) => "time" in piece || ("as" in piece && piece.as === "quiet"));
  const hasText = pieces.some((piece) => "text" in piece);
  const length = pieces.reduce((sum, piece) => sum + ("text" in piece ? piece.text.length : 0), 0);
  const isShort = length <= CONTEXT_CHARS_MAX && pieces.length <= CONTEXT_ELEMENTS_MAX;
  return isAllQuiet && hasText && isQuote !== true && isShort;
}

function contextOf({ pieces }: Line): ContextBlock {
  const elements: ContextBlock["elements"] = [];
  for (const piece of pieces) {
    const last = elements.at(-1);
    if ("time" in piece) elements.push({ type: "mrkdwn", text: liveTime(piece.time, piece.as) });
    else if (last?.type === "plain_text") last.text += piece.text;
    else if (piece.text.trim() !== "") elements.push({ type: "plain_text", text: piece.text, emoji: false });
  }
  return { type: "context", elements };
}

function liveTime(time: number, as: "since" | "at"): string {
  return `<!date^${Math.floor(time / 1_000)}^${formatOf(as)}|${written(time)}>`;
}

function actionsOf(rows: readonly (readonly Button[])[], token: string): readonly ActionsBlock[] {
  let room = BUTTONS_MAX;
  return rows.flatMap((row, index): readonly ActionsBlock[] => {
    const elements = row.slice(0, room).map((button, place) => buttonOf(button, token, `${index}.${place}`));
    room -= elements.length;
    return elements.length === 0 ? [] : [{ type: "actions", elements }];
  });
}

function buttonOf({ label, action, tone }: Button, token: string, id: string): SlackButton {
  const text = cut(clean(label).trim() || action, LABEL_CHARS_MAX);
  return {
    type: "button",
    action_id: id,
    text: { type: "plain_text", text, emoji: false },
    value: `${token}.${action}`,
    ...(tone !== undefined && { style: tone === "good" ? "primary" : "danger" }),
  };
}

/** For notifications, and for programs that show no blocks. */
function fallbackOf(lines: readonly Line[]): string {
  const text = lines.map(({ pieces }) =>
    pieces.map((piece) => ("time" in piece ? written(piece.time) : piece.text)).join(""),
  );
  return text.join("\n") || "…";
}

function plainBlocks(text: string, { buttons }: Message, token: string): readonly KnownBlock[] {
  return [
    { type: "section", text: { type: "plain_text", text: cut(text, SECTION_CHARS_MAX), emoji: false } },
    ...actionsOf(buttons, token),
  ];
}
