/** What is answered in a chat, and how it is put together. Pure. */

import type { Button, Line, Message, Piece } from "../../chats/chat.ts";
import { visibleText } from "../../workflow/text/visible.ts";

export interface Told {
  /** Whole: what is cut can hide a secret from whoever looks for it. {@link forChat} makes it ready. */
  readonly message: Message;
  /** Its first line, for whoever pressed; whole as well ({@link shortened}). */
  readonly short: string;
  readonly task: string | null;
  /** What the message is for, so that an answer to it is understood. */
  readonly purpose: string;
  /**
   * Whether it answers no message: where a chat has threads, what is said in one is meant for its first message, and so
   * words that are asked for can only be told from others below a message of their own.
   */
  readonly isAlone: boolean;
  /** Whether what was asked for was done; a refusal is told to whoever asked alone. */
  readonly isDone: boolean;
  /** What was asked for shows by itself (on the card), so that whoever pressed needs no message. */
  readonly isShown: boolean;
}

/** Takes secrets out. */
type Redact = (text: string) => string;

/** Of one piece of a line; whoever renders shortens the whole. */
const PIECE_CHARS_MAX = 300;
/** Of what is shown to whoever pressed. */
export const SHORT_CHARS_MAX = 200;

export const REPLY = "reply";

/** One line of text, as people see it. Those that come first weigh most. */
export function line(text: string, as?: "bold" | "code" | "quiet"): Line {
  return { pieces: [words(text, as)], weight: 1 };
}

export function words(
  text: string,
  as?: "bold" | "code" | "quiet",
): Extract<Piece, { as?: string; text: string }> {
  const shown = visibleText(text);
  return as === undefined ? { text: shown } : { text: shown, as };
}

export function pieces(...all: readonly Piece[]): Line {
  return { pieces: all, weight: 1 };
}

/** The first line weighs most, so that what is cut off is the end. */
export function messageOf(lines: readonly Line[], buttons: Message["buttons"] = []): Message {
  return { lines: lines.map((one, index) => ({ ...one, weight: lines.length - index })), buttons };
}

/** Something was done, in one sentence. */
export function done(sentence: string, task: string | null): Told {
  return { ...told([line(sentence)], task), isShown: true };
}

/** Something to be read. */
export function told(lines: readonly Line[], task: string | null): Told {
  const [first] = lines;
  const short = (first?.pieces ?? []).map((piece) => ("text" in piece ? piece.text : "")).join("");
  const common = { task, purpose: REPLY, isAlone: false, isDone: true, isShown: false };
  return { message: messageOf(lines), short, ...common };
}

/** Nothing was done, and why. */
export function refused(reason: string, task: string | null, more: readonly Line[] = []): Told {
  return { ...told([line(inChat(reason)), ...more], task), isDone: false };
}

/** Words are asked for: an answer to this message. */
export function asksFor(what: string, task: string | null, purpose: string): Told {
  return { ...told([line(`Answer this message with ${what}.`)], task), purpose, isAlone: true };
}

export function withButtons(one: Told, buttons: readonly Button[], purpose: string): Told {
  return { ...one, message: { ...one.message, buttons: [buttons] }, purpose };
}

/** Lines of a log or the like, as they are; the last ones weigh most. */
export function fenced(text: string, lines: number): readonly Line[] {
  const all = text.trimEnd().split("\n").slice(-lines);
  return all.map((one) => line(one === "" ? " " : one, "code"));
}

/** Commands of a terminal as they are said here. */
export function inChat(text: string): string {
  return text.replace(
    /\bchargehand (?=(?:retry|resume|pause|cancel|say|approve|reject|abort|answer|explain|unfreeze|tasks)\b)/g,
    "/",
  );
}

/** Of the whole, so that no secret is cut before it is found. */
export function shortened(text: string, redact: Redact): string {
  return cut(onOneLine(redact(text)), SHORT_CHARS_MAX);
}

/** Without secrets, and each piece as long as it may be. */
export function forChat(message: Message, redact: Redact): Message {
  const change = (text: string): string => cut(onOneLine(redact(text)), PIECE_CHARS_MAX);
  const piece = (one: Piece): Piece =>
    "time" in one
      ? one
      : "href" in one
        ? { text: change(one.text), href: redact(one.href) }
        : { ...one, text: change(one.text) };
  return {
    lines: message.lines.map((one) => ({ ...one, pieces: one.pieces.map(piece) })),
    buttons: message.buttons.map((row) => row.map((one) => ({ ...one, label: change(one.label) }))),
  };
}

function onOneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
