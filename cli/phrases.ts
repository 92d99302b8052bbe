/** Figures for people: how long ago, how much, how many. And text from outside, made safe to show (I13). */

import { money } from "../workflow/money.ts";
import { inOneLine } from "../workflow/why.ts";

/** `3m ago`; `–` for what has not happened. `iso` as in the API, `now` in ms. */
export function ago(iso: string | null | undefined, now: number): string {
  if (!iso) return "–";
  const elapsed = now - Date.parse(iso);
  if (Number.isNaN(elapsed)) return "–";
  if (elapsed < 0) return `in ${span(-elapsed)}`;
  return elapsed < 1_000 ? "just now" : `${span(elapsed)} ago`;
}

/** `45s`, `12m`, `3h`: the span between two times, until `now` where the second is not there yet. */
export function took(from: string | null | undefined, to: string | null | undefined, now: number): string {
  if (!from) return "–";
  const elapsed = (to ? Date.parse(to) : now) - Date.parse(from);
  return Number.isNaN(elapsed) ? "–" : span(Math.max(0, elapsed));
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** `45s`, `12m`, `3h`, `2d`: in the largest unit of which there is at least one. */
export function span(ms: number): string {
  const unit = UNITS.find(([, length]) => ms >= length);
  return unit === undefined ? `${ms}ms` : `${Math.round(ms / unit[1])}${unit[0]}`;
}

/** `1 delivery`, `2 deliveries`. */
export function counted(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}

/** `950`, `12.3k`, `4.5M`. */
export function count(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  return tokens < 999_950 ? `${(tokens / 1_000).toFixed(1)}k` : `${(tokens / 1_000_000).toFixed(1)}M`;
}

/** As exact as it was counted; no price is named, not shown as 0. */
export function dollars(usd: number | null | undefined, source?: string | null): string {
  if (usd === null || usd === undefined) return source ?? "unknown";
  return money(Math.round(usd * 1e9));
}

/** `2 active, 14 done`; `none` when there is nothing. */
export function totals(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, number]) => number > 0);
  return parts.length === 0 ? "none" : parts.map(([status, number]) => `${number} ${status}`).join(", ");
}

/** A reason with what can be done about it, for one cell; older daemons put both into the reason. */
export function why(reason: string | null | undefined, remedy: string | null | undefined): string {
  return inOneLine({ reason: reason ?? "", remedy: remedy ?? null });
}

/** One line without anything that a terminal would obey or that turns text around. */
export function plain(text: string): string {
  return text.replace(UNSAFE, " ").replace(/\s+/g, " ").trim();
}

/** The same over many lines. */
export function plainLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(UNSAFE, " ").trimEnd())
    .join("\n");
}

/** Controls, formatting (which includes what reorders text), and separators that are no line feeds. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What became of a slot of a recurring task. `now` in ms. */
export function became(
  { status, task, reason, settled_at: at }: BecameOf,
  { now }: { readonly now: number },
): string {
  return status === "fired" ? `${task}, ${ago(at, now)}` : `${status}: ${reason}`;
}

interface BecameOf {
  readonly status: string;
  readonly task?: string | null | undefined;
  readonly reason?: string | null | undefined;
  readonly settled_at?: string | null | undefined;
}
