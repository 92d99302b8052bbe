/**
 * The mark of what was told: hidden at the end of its text, by which a later call finds it again.
 *
 * M1. It is looked for in what we have written ourselves, and at the very end of it: anybody can copy a mark, and a
 *     text of ours may quote one.
 */

import type { Own } from "./api.ts";

/** GitHub takes so many characters of a comment, and as many of a pull request's text. */
export const TEXT_CHARS_MAX = 65_536;
/** Its beginning is that of everything we write (`handlers/own.ts`). */
const OPENING = "<!-- chargehand:";

export function markOf(mark: string): string {
  return `${OPENING}${encodeURIComponent(mark.toWellFormed())} -->`;
}

/** The text with its mark on the last line, cut where it is too long. */
export function marked(text: string, mark: string): string {
  const end = `\n\n${markOf(mark)}`;
  return fitted(text, TEXT_CHARS_MAX - end.length) + end;
}

/** @param chars at most, of which none is half of a pair at the cut */
export function fitted(text: string, chars: number): string {
  return text.length <= chars
    ? text
    : `${text
        .slice(0, chars - 1)
        .toWellFormed()
        .replace(/\ufffd$/, "")}…`;
}

export interface Written {
  readonly body?: string | null | undefined;
  readonly user?: { readonly login: string; readonly id?: number | null | undefined } | null | undefined;
}

/** M1. */
export function isOurs({ body, user }: Written, own: Own, mark: string): boolean {
  return (
    user?.id !== undefined && String(user.id) === own.id && (body ?? "").trimEnd().endsWith(markOf(mark))
  );
}

/** Line ends come back in another form than they were sent. */
export function isSameText(a: string | null | undefined, b: string): boolean {
  return (a ?? "").replaceAll("\r\n", "\n").trimEnd() === b.replaceAll("\r\n", "\n").trimEnd();
}
