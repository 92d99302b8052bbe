/**
 * What a payload means, before anybody was asked whether the person may: nothing, a defect, a request, or a fact that
 * has to be looked up first.
 */

import type { CancelTask, RetryTask, StartTask } from "../workflow/intent.ts";
import type { Project } from "../workflow/project.ts";
import type { PlaneState } from "./lookups.ts";
import type { Payload } from "./source.ts";

/** Who caused an event, as far as the event tells. */
export interface EventActor {
  readonly source: "github" | "plane";
  /** Login (GitHub) or user id (Plane). */
  readonly name: string;
  readonly isBot: boolean;
  /** GitHub's association of this very person, if the payload has it. */
  readonly association: string | null;
  /** Why the event by itself proves the right to cause it; `null` when it proves nothing. */
  readonly implies: string | null;
}

/** One project's share of a request. */
export interface Ask {
  readonly project: Project;
  readonly intent: StartTask | CancelTask | RetryTask;
  readonly actor: EventActor;
}

/** A fact that the payload leaves out. */
export type Need =
  | { readonly kind: "states"; readonly planeProject: string }
  | { readonly kind: "item"; readonly planeProject: string; readonly id: string };

/** A work item's text, wherever it was found. */
export interface ItemText {
  readonly title: string;
  readonly body: string;
  readonly number: number | null;
}

/** Facts that were looked up for one delivery, by {@link needKey}. `null`: asked for, and not to be had. */
export interface Known {
  readonly states: ReadonlyMap<string, readonly PlaneState[] | null>;
  readonly items: ReadonlyMap<string, ItemText | null>;
}

/** `subject` names the thing it is about; deliveries with the same subject are handled in order. */
export type Decoded =
  /** Nothing to do; the reason is for people. */
  | { readonly kind: "ignore"; readonly reason: string }
  /** The payload is not what its sender documents; the reason says where. */
  | { readonly kind: "failed"; readonly reason: string }
  /** Decode again, with this fact among the known ones. */
  | { readonly kind: "need"; readonly subject: string; readonly need: Need }
  | { readonly kind: "ask"; readonly subject: string; readonly asks: readonly Ask[] };

/** Pure: the same payload, projects and known facts give the same answer. */
export type Decode = (event: string, payload: Payload, projects: readonly Project[], known: Known) => Decoded;

export const NOTHING_KNOWN: Known = { states: new Map(), items: new Map() };

export function needKey(need: Need): string {
  return need.kind === "states" ? need.planeProject : `${need.planeProject}/${need.id}`;
}

export function ignore(reason: string): Decoded {
  return { kind: "ignore", reason };
}
