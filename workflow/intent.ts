/**
 * Intents: what somebody asks for (DESIGN §1), whoever asks: a delivery, the API, the CLI, the runner, the reaper.
 *
 * Each kind has its file in `workflow/decide/`, with its shape and what follows from it. Here is what they share.
 *
 * An intent carries the facts that only whoever asks can know: those of the configuration, and chance. Facts of rows
 * come with the snapshot.
 */

import type { Source } from "./delivery.ts";
import type { ExternalRef } from "./task.ts";

/** Who asks. `name` is a login or user id, as the source names people; in a chat, as the configuration does. */
export interface Actor {
  readonly kind: Source | "api" | "cli" | "chat" | "daemon" | "agent";
  readonly name: string;
}

/** What everything that people, or the world outside, ask for has in common. */
export interface Asked {
  readonly project: string;
  readonly by: Actor;
  /**
   * Semantic key of the change that asks, such as `github:acme/shop#12:comment:991`. The same change arriving as two
   * deliveries has one effect (I2): an event with this key is written once per task.
   */
  readonly key: string;
  /** Which rule of the project matched, for the history: `label agent`. */
  readonly because: string;
}

/** A task by its key, or by what it stands for outside. */
export type TaskTarget = { readonly key: string } | { readonly refs: readonly ExternalRef[] };

/**
 * Clocks of forges and ours differ by seconds. What was asked less than this (ms) after it was answered was asked
 * before.
 */
const CLOCKS_APART_MS = 60_000;

/** Whether something was said before that was asked which it seems to answer. @param saidAt ms; `null`: nobody knows */
export function isSaidBefore(askedAt: number, saidAt: number | null | undefined): boolean {
  return saidAt !== null && saidAt !== undefined && saidAt < askedAt - CLOCKS_APART_MS;
}
