/**
 * What a task shows of its pull request: itself, what agents have judged of it, and answers in threads of its reviews,
 * of which each is given once, when the run that has heard it is over. Of tasks that follow one another the newest
 * alone shows it.
 */

import type { Store } from "../../store/store.ts";
import type { ThreadAnswer, WantedFace } from "../../workflow/outside/face.ts";
import type { PullThread } from "../../workflow/phases/pull.ts";
import type { Task } from "../../workflow/task.ts";
import { quotation } from "../../workflow/text/markdown.ts";
import type { OutsideInForce, ToldProject } from "../outside/ports.ts";
import { type PullFacts, pullFacts } from "./facts.ts";
import { verdictFaces } from "./verdicts.ts";
import { wantedPull } from "./wish.ts";

/** Of what an agent says of its work, in an answer. */
const WORDS_CHARS_MAX = 1_000;

export async function pullFaces(
  store: Store,
  task: Task,
  project: ToldProject,
  { forges, speaksAs = () => null }: Pick<OutsideInForce, "forges" | "speaksAs">,
  redact: (text: string) => string,
): Promise<readonly WantedFace[]> {
  const { forge: source, repo, command, publish, baseBranch } = project;
  if (
    publish?.pull === undefined ||
    baseBranch === undefined ||
    source === null ||
    repo === null ||
    !forges.has(source)
  )
    return [];
  if ((await store.follow.by(task.key)) !== null) return [];
  const [facts, threads] = await Promise.all([
    pullFacts(store, task, { repo, command, publish, baseBranch }),
    store.pulls.toAnswer(task.key),
  ]);
  const where = { source, place: repo, item: "" };
  const pull = wantedPull(facts, source, redact);
  const answers = wantedAnswers(facts, threads, speaksAs, redact);
  const tells = project.tell.comment;
  return [
    ...(pull === null ? [] : [{ ...where, aspect: "pull" as const, wish: pull }]),
    ...(await verdictFaces(store, facts, { source, tells, speaksAs, redact })),
    ...(answers === null ? [] : [{ ...where, aspect: "threads" as const, wish: answers }]),
  ];
}

function wantedAnswers(
  { pull }: PullFacts,
  threads: readonly PullThread[],
  speaksAs: NonNullable<OutsideInForce["speaksAs"]>,
  redact: (text: string) => string,
): { readonly number: number; readonly threads: readonly ThreadAnswer[] } | null {
  const own = threads.filter(({ number, repo }) => number === pull?.number && repo === pull.repo);
  if (pull === null || own.length === 0) return null;
  return { number: pull.number, threads: own.map((thread) => answerOf(thread, speaksAs, redact)) };
}

export function answerOf(
  { comment, run, agent, commit, summary }: PullThread,
  speaksAs: NonNullable<OutsideInForce["speaksAs"]>,
  redact: (text: string) => string,
): ThreadAnswer {
  const words = quotation(
    redact(summary ?? "")
      .slice(0, WORDS_CHARS_MAX)
      .toWellFormed(),
  );
  const said = commit === null ? "It was read, and nothing was changed for it." : `Worked in by ${commit}.`;
  return {
    comment,
    mark: `thread-${comment}-${run ?? ""}`,
    text: words === "" ? said : `${said}\n\n${words}`,
    resolves: commit !== null,
    as: agent === null ? null : speaksAs(agent),
  };
}
