/** What an act has at hand: the API in the name of whoever asks, and rows that say who was faster. */

import type { Line } from "../../../chats/chat.ts";
import type { Asker } from "../../asker.ts";
import { type Answered, type Api, segment } from "../api.ts";
import type { ChatPorts } from "../ports.ts";
import { pieces, refused, type Told } from "../told.ts";
import type { Wanted } from "../wanted.ts";
import { isKey } from "../words.ts";

export interface Hand extends Pick<ChatPorts, "store" | "clock" | "projects"> {
  readonly api: Api;
  readonly asker: Asker;
  /** Of the message, as the chat's account calls it: the same for every repetition. */
  readonly update: string;
  /** Projects of the chat, outside of which nothing is done or shown; `null` for no such bounds. */
  readonly within: readonly string[] | null;
}

/** How each of what may be wanted is done. */
export type Acts<K extends Wanted["kind"]> = {
  readonly [Kind in K]: (hand: Hand, wanted: Extract<Wanted, { kind: Kind }>) => Promise<Told>;
};

/** What was done, or the refusal. */
export async function tell<T>(
  answered: Answered<T>,
  task: string | null,
  show: (value: T) => Told | Promise<Told>,
  late: () => Promise<readonly Line[]> = async () => [],
): Promise<Told> {
  return answered.kind === "ok" ? show(answered.value) : refused(answered.reason, task, await late());
}

/** When somebody else was faster, where that is known (ms). */
export function lateLines(at: number | null | undefined): readonly Line[] {
  return at === null || at === undefined ? [] : [pieces({ text: "That was " }, { time: at, as: "at" })];
}

/** `/tasks/SHOP-1`, or `/projects/shop`: what looks like a key is a task's, unless a project is called so. */
export function pathOf(what: string, { projects }: Pick<Hand, "projects">): string {
  return isTask(what, { projects }) ? `/tasks/${segment(what)}` : `/projects/${segment(what)}`;
}

export function isTask(what: string, { projects }: Pick<Hand, "projects">): boolean {
  return isKey(what) && !projects().includes(what);
}
