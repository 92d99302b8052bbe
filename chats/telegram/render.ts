/**
 * What Telegram is sent of a message. Pure.
 *
 * E1. Text is escaped where it stands, and cut before it is escaped: nothing in it is ever read as markup.
 * E2. Within all limits at once: characters that are seen, bytes that are sent, and stretches with a look of their own,
 *     of which those that are too many lose it.
 */

import type { InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity } from "@grammyjs/types";
import type { Button, Message, Rendered } from "../chat.ts";
import { fit } from "../fit.ts";
import { asSeen } from "../seen.ts";
import { type Block, blocksOf, type Span } from "./spans.ts";

/** What a message is made of, as `sendMessage` and `editMessageText` take it. */
export interface Body {
  readonly text: string;
  readonly parse_mode?: "HTML";
  readonly entities?: MessageEntity[];
  readonly link_preview_options: { readonly is_disabled: true };
  readonly reply_markup?: InlineKeyboardMarkup;
}

/** UTF-16 units of what is seen. Telegram counts characters, which are never more. */
const TEXT_MAX = 4_096;
/** Stretches with a look of their own; those beyond a hundred lose it. */
const SPANS_MAX = 95;
/** Of the text with its markup; 32,768 are allowed. */
const BYTES_MAX = 32_000;
const BUTTONS_MAX = 100;
const ROW_MAX = 8;

/** @param token 22 characters of base64url, which every button brings back */
export function render(message: Message, token: string, isPlain: boolean): Rendered {
  const seen = asSeen(message);
  const fitted = fit(seen, (some) => sizeOf(blocksOf(some)), TEXT_MAX);
  const blocks = blocksOf(fitted);
  const keyboard = keyboardOf(seen.buttons, token);
  const body: Body = {
    ...(isPlain ? plainOf(blocks) : { text: orSomething(htmlOf(blocks)), parse_mode: "HTML" }),
    link_preview_options: { is_disabled: true },
    ...(keyboard.length > 0 && { reply_markup: { inline_keyboard: keyboard } }),
  };
  return { body: JSON.stringify(body) };
}

/** The largest of what is limited (E2), each as a part of {@link TEXT_MAX}. */
function sizeOf(blocks: readonly Block[]): number {
  const spans = blocks.flatMap(({ lines }) => lines.flat());
  const looks = spans.filter(({ look }) => look !== "plain").length + blocks.length;
  return Math.max(
    textOf(blocks).length,
    Math.ceil((looks * TEXT_MAX) / SPANS_MAX),
    Math.ceil((Buffer.byteLength(htmlOf(blocks)) * TEXT_MAX) / BYTES_MAX),
  );
}

function textOf(blocks: readonly Block[]): string {
  return blocks.flatMap(({ lines }) => lines.map((line) => line.map(({ text }) => text).join(""))).join("\n");
}

/** Telegram takes no message without a character that is seen. */
function orSomething(text: string): string {
  return text.replace(/<[^>]*>/g, "").trim() === "" ? "…" : text;
}

/** A quotation that is longer is folded until somebody opens it. */
const QUOTE_LINES_MAX = 4;
const QUOTE_UNITS_MAX = 300;

function htmlOf(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      const html = block.lines.map((line) => line.map(spanHtml).join("")).join("\n");
      if (!block.isQuote) return html;
      const text = textOf([block]);
      const isLong = text.length > QUOTE_UNITS_MAX || text.split("\n").length > QUOTE_LINES_MAX;
      return `<blockquote${isLong ? " expandable" : ""}>${html}</blockquote>`;
    })
    .join("\n");
}

function spanHtml({ text, look, href = "", time }: Span): string {
  const inner = escaped(text);
  if (look === "plain") return inner;
  if (look === "bold") return `<b>${inner}</b>`;
  if (look === "italic") return `<i>${inner}</i>`;
  if (look === "code") return `<code>${inner}</code>`;
  if (look === "link") return `<a href="${escaped(href)}">${inner}</a>`;
  return `<tg-time unix="${time?.unix}" format="${time?.format}">${inner}</tg-time>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}

/** Nothing in it has to be read as markup. Code and links, which call nobody (P1 of `spans.ts`), are named by place. */
function plainOf(blocks: readonly Block[]): Pick<Body, "text" | "entities"> {
  const entities: MessageEntity[] = [];
  let text = "";
  for (const [index, line] of blocks.flatMap(({ lines }) => lines).entries()) {
    if (index > 0) text += "\n";
    for (const span of line) {
      const place = { offset: text.length, length: span.text.length };
      if (span.look === "code") entities.push({ type: "code", ...place });
      if (span.look === "link" && span.href !== undefined)
        entities.push({ type: "text_link", url: span.href, ...place });
      text += span.text;
    }
  }
  return text.trim() === "" ? { text: "…" } : { text, ...(entities.length > 0 && { entities }) };
}

const STYLES = { good: "success", bad: "danger" } as const;
const TOKEN = /^[\w-]{22}$/;
const ACTION = /^[a-z0-9_.-]{1,40}$/;

/** @throws Error of a token or an action that would not come back as it is */
function keyboardOf(rows: Message["buttons"], token: string): InlineKeyboardButton[][] {
  let left = BUTTONS_MAX;
  const keyboard: InlineKeyboardButton[][] = [];
  for (const row of rows.flatMap(inRows)) {
    const some = row.slice(0, left).map((button) => buttonOf(button, token));
    left -= some.length;
    if (some.length > 0) keyboard.push(some);
  }
  return keyboard;
}

function inRows(row: readonly Button[]): readonly (readonly Button[])[] {
  return Array.from({ length: Math.ceil(row.length / ROW_MAX) }, (_, index) =>
    row.slice(index * ROW_MAX, (index + 1) * ROW_MAX),
  );
}

function buttonOf({ label, action, tone }: Button, token: string): InlineKeyboardButton {
  if (!TOKEN.test(token) || !ACTION.test(action)) throw new Error(`no button can carry "${action}"`);
  return {
    text: label,
    callback_data: `${token}.${action}`,
    ...(tone !== undefined && { style: STYLES[tone] }),
  };
}
