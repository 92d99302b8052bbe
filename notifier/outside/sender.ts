/**
 * Makes the calls to one forge or tracker. What a face shows is read when the call is made, so that the last wish is
 * told; that it is told once is the verbs' promise (T1 of `forges/tell.ts`).
 */

import type { Answer } from "../../forges/api/answer.ts";
import type { ForgeAsk } from "../../forges/ask.ts";
import type { Forge, Item, Remote, Tracker } from "../../forges/tell.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import { type OutsideKind, wishOf } from "../../workflow/outside/calls.ts";
import { type Face, isAsk, readWish } from "../../workflow/outside/face.ts";
import type { Task } from "../../workflow/task.ts";
import type { Sender, Sent } from "../ports.ts";
import { type PullTelling, tellPull, tellThreads, tellVerdict } from "../pulls/tell.ts";
import { refusalText, sentOf } from "./answer.ts";
import { withCard } from "./ask.ts";

export interface OutsideSenderPorts {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
}

/** What was refused is tried again when it has changed, and not before this. */
const REFUSED_MS = 60 * 60_000;

/** @param forge the same host, where it keeps code, too @param voices its further accounts */
export function outsideSender(
  ports: OutsideSenderPorts,
  tracker: Tracker,
  forge: Forge | null,
  asked: ForgeAsk | null = null,
  voices: PullTelling["voices"] = new Map(),
): Sender {
  return {
    host: tracker.host,
    async send(call): Promise<Sent> {
      const wish = wishOf(call);
      if (wish !== null) return saidOf(await say(tracker, wish), wish.kind, tracker.source);
      const face =
        call.subject.kind === "task"
          ? await ports.store.faces.get(call.subject.name, tracker.source, call.kind)
          : null;
      if (face === null) return { kind: "refused", reason: `nobody knows what to tell by a ${call.kind}` };
      return show(ports, tracker, forge === null ? null : { ...ports, forge, asked, voices }, face);
    },
  };
}

function say(tracker: Tracker, wish: NonNullable<ReturnType<typeof wishOf>>): Promise<Answer<unknown>> {
  const at: Item = { place: wish.place, id: wish.item };
  return wish.kind === "acknowledge"
    ? tracker.acknowledge(at, wish.comment)
    : tracker.comment(at, { mark: wish.mark, text: wish.text, known: null });
}

/** Nobody misses a sign at something that is gone, or an answer there. */
function saidOf(answer: Answer<unknown>, kind: OutsideKind, source: string): Sent {
  const isMoot =
    answer.kind === "refused" &&
    (answer.because === "missing" || (kind === "acknowledge" && answer.because !== "auth"));
  return isMoot ? { kind: "sent" } : sentOf(answer, source);
}

async function show(
  ports: OutsideSenderPorts,
  tracker: Tracker,
  telling: PullTelling | null,
  face: Face,
): Promise<Sent> {
  const { store, clock } = ports;
  const task = await store.tasks.get(face.task);
  if (task === null || face.told === face.wished) return { kind: "sent" };
  await store.faces.begin(face);
  const answer =
    (telling === null ? null : await bringPull(telling, task, face)) ??
    (await bring(taskMark(task), tracker, telling?.forge ?? null, face, await cardOf(ports, face)));
  if (answer === null) return { kind: "refused", reason: `${tracker.source} knows no ${face.aspect}` };
  if (answer.kind === "ok") await store.faces.told(face, answer.value, clock.now());
  if (answer.kind === "refused" && answer.because !== "auth")
    await store.faces.refused(face, refusalText(answer, tracker.source), clock.now() + REFUSED_MS);
  // The item was deleted, and its task with it.
  if (answer.kind === "refused" && answer.because === "missing" && task.status === "cancelled")
    return { kind: "sent" };
  return sentOf(answer, tracker.source);
}

/** `null` for what is none. */
async function bringPull(
  telling: PullTelling,
  task: Task,
  face: Face,
): Promise<Answer<Remote | null> | null> {
  const wanted = readWish(face);
  switch (wanted?.aspect) {
    case "pull":
      return tellPull(telling, task, face, wanted.wish);
    case "verdict":
      return tellVerdict(telling, face, wanted.wish, `${taskMark(task)}-${face.aspect}`);
    case "threads":
      return tellThreads(telling, face, wanted.wish);
    default:
      return null;
  }
}

/** Where the comment about its task stands, for what is asked besides it; `null` where nobody knows. */
async function cardOf({ store }: OutsideSenderPorts, { task, source, aspect }: Face): Promise<string | null> {
  return isAsk(aspect) ? ((await store.faces.get(task, source, "comment"))?.url ?? null) : null;
}

/** `null` for what is understood by nobody here. */
async function bring(
  mark: string,
  tracker: Tracker,
  forge: Forge | null,
  face: Face,
  card: string | null,
): Promise<Answer<Remote | null> | null> {
  const at: Item = { place: face.place, id: face.item };
  const wanted = readWish(face);
  switch (wanted?.aspect) {
    case "comment":
      return tracker.comment(at, { mark, text: wanted.wish.text, known: face.remote });
    case "ask":
      return tracker.comment(at, {
        ...{ mark: `${mark}-${face.aspect}`, text: withCard(wanted.wish.text, card), known: face.remote },
      });
    case "labels":
      return tracker.labels(at, wanted.wish);
    case "state":
      return tracker.state(at, wanted.wish.state);
    case "status": {
      const { commit, ...status } = wanted.wish;
      return forge === null ? null : forge.status(face.place, commit, status);
    }
    default:
      return null;
  }
}

/** The same for as long as there is the task, also in a copy of the database; and no other daemon's. */
export function taskMark({ key, createdAt }: { readonly key: string; readonly createdAt: number }): string {
  return `task-${key}-${createdAt.toString(36)}`;
}
