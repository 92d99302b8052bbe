/** Keyboards as Telegram takes them. */

import type { InlineKeyboardButton } from "@grammyjs/types";
import { z } from "zod";
import { refuse } from "./refusal.ts";

export type Keyboard = readonly (readonly InlineKeyboardButton.CallbackButton[])[];

const BUTTON = z.strictObject({
  text: z.string(),
  callback_data: z.string(),
  style: z.enum(["danger", "success", "primary"]).optional(),
});
export const MARKUP = z.strictObject({ inline_keyboard: z.array(z.array(BUTTON)) });

const BUTTONS_MAX = 100;
const ROW_MAX = 8;
const DATA_BYTES_MAX = 64;

/** @throws a refusal */
export function acceptKeyboard(markup: z.output<typeof MARKUP> | undefined): Keyboard {
  const rows = (markup?.inline_keyboard ?? []).filter((row) => row.length > 0);
  for (const { text, callback_data: data } of rows.flat()) {
    if (text.trim() === "") refuse(400, "inline keyboard button text must be non-empty");
    const bytes = Buffer.byteLength(data);
    if (bytes < 1 || bytes > DATA_BYTES_MAX) refuse(400, "BUTTON_DATA_INVALID");
  }
  if (rows.flat().length > BUTTONS_MAX || rows.some((row) => row.length > ROW_MAX))
    refuse(400, "reply markup is too long");
  return rows.map((row) =>
    row.map(({ text, callback_data, style }) => ({
      text,
      callback_data,
      ...(style !== undefined && { style }),
    })),
  );
}
