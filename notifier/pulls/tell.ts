/**
 * Brings the pull request of a task, its reviews by agents, and answers in its threads, to what is wished for. Each
 * step may be repeated: that it is done once is the verbs' promise (T1 of `forges/tell.ts`), and what was done is
 * written down at once.
 */

import type { Answer } from "../../forges/api/answer.ts";
import type { ForgeAsk } from "../../forges/ask.ts";
import type { Forge, Pull, Remote } from "../../forges/tell.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import { SOURCES } from "../../workflow/delivery.ts";
import type { Face, FaceWishes } from "../../workflow/outside/face.ts";
import { type PullName, pullKey } from "../../workflow/phases/pull.ts";
import type { Task } from "../../workflow/task.ts";
import type { Voice } from "../outside/ports.ts";

export interface PullTelling {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
  readonly forge: Forge;
  /** By whom threads are found; `null` where nobody can be asked, and none is closed then. */
  readonly asked: Pick<ForgeAsk, "openThreads"> | null;
  /** Further accounts of the forge, by name. One that is gone speaks by the forge's own. */
  readonly voices: ReadonlyMap<string, Voice>;
}

/** There is the pull request, as it should be. */
export async function tellPull(
  { store, clock, forge }: PullTelling,
  task: Task,
  face: Face,
  wish: FaceWishes["pull"],
): Promise<Answer<Remote>> {
  const known = await store.pulls.newest(task.project, wish.head);
  const number = known?.status === "open" ? known.number : null;
  const answer = await forge.pull({ repo: face.place, ...wish, known: number });
  if (answer.kind !== "ok") return answer;
  await writeDown(store, clock.now(), task, face, answer.value);
  return { kind: "ok", value: { id: String(answer.value.number), url: answer.value.url } };
}

/** One that was merged or closed meanwhile is told of by whoever hears or finds that. */
async function writeDown(store: Store, now: number, task: Task, face: Face, pull: Pull): Promise<void> {
  const source = SOURCES.find((name) => name === face.source);
  if (source === undefined || pull.state === "closed") return;
  const { number, url, isDraft, head, base } = pull;
  const seen = { source, repo: face.place, number, url, isDraft, branch: head.branch, commit: head.commit };
  await ask(
    store,
    [{ kind: "pull_told", task: task.key, pull: { ...seen, isOurs: pull.isForeign !== true } }],
    null,
    now,
  );
  if (pull.state !== "merged") return;
  const merged = {
    kind: "pull_changed",
    what: "merged",
    project: task.project,
    target: { key: task.key },
    by: { kind: "daemon", name: "a look at it" },
    because: "it stands so",
    key: pullKey(seen, "merged", null),
    pull: { ...seen, base },
    isTrusted: true,
    mergedAs: null,
  } as const;
  await ask(store, [merged], null, now);
}

function voiceOf({ forge, voices }: PullTelling, as: string | null): Voice {
  return (as === null ? undefined : voices.get(as)) ?? forge;
}

/** It is said, and the history knows it. @param mark the same for each try */
export async function tellVerdict(
  telling: PullTelling,
  face: Face,
  { number, as, by, ...review }: FaceWishes["verdict"],
  mark: string,
): Promise<Answer<Remote>> {
  const { store, clock } = telling;
  const answer = await voiceOf(telling, as).review(face.place, number, { ...review, mark });
  const source = SOURCES.find((name) => name === face.source);
  if (answer.kind !== "ok" || source === undefined) return answer;
  const { said, commit } = review;
  const pull = { source, repo: face.place, number };
  const told = {
    kind: "verdict_told",
    task: face.task,
    pull,
    review: answer.value.id,
    said,
    commit,
    by,
  } as const;
  await ask(store, [told], null, clock.now());
  return answer;
}

/** Each thread has its answer, and is closed where that says all. */
export async function tellThreads(
  telling: PullTelling,
  face: Face,
  { number, threads }: FaceWishes["threads"],
): Promise<Answer<null>> {
  const { store, clock, forge, asked } = telling;
  const source = SOURCES.find((name) => name === face.source);
  const open = asked === null ? null : await asked.openThreads(face.place, number);
  if (open !== null && open.kind !== "ok") return open;
  for (const { comment, mark, text, resolves, as } of threads) {
    const said = await voiceOf(telling, as).reply(face.place, number, { comment, mark, text });
    // Whoever has deleted the thread wants no answer.
    if (said.kind !== "ok" && !isGone(said)) return said;
    const thread = open?.value.find((one) => one.comment === comment)?.thread;
    if (resolves && thread !== undefined) {
      const closed = await forge.resolve(face.place, number, thread);
      if (closed.kind !== "ok" && closed.kind !== "refused") return closed;
    }
    if (source === undefined) continue;
    const name: PullName = { source, repo: face.place, number };
    await store.pulls.answered({ ...name, comment }, clock.now());
  }
  return { kind: "ok", value: null };
}

function isGone(answer: Exclude<Answer<unknown>, { kind: "ok" }>): boolean {
  return answer.kind === "refused" && (answer.because === "missing" || answer.because === "state");
}
