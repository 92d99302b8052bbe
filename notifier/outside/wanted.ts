/** What a task is to show at which source, of its facts and of what its project says. Pure. */

import { itemOfRef } from "../../forges/items.ts";
import type { Item } from "../../forges/tell.ts";
import type { CommitState, Face, WantedFace } from "../../workflow/outside/face.ts";
import type { LabelledAs, MovedAt } from "../../workflow/project.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import type { CardFacts } from "../cards/facts.ts";
import { CARD_STATES, type CardState, cardState } from "../cards/state.ts";
import { drawComment } from "./comment.ts";
import type { OutsideInForce, ToldProject } from "./ports.ts";

/** What stands for one task at one source. */
export interface Place {
  readonly source: string;
  readonly at: Item;
}

/**
 * Where it is told of a task: at what it stands for, and where it was told before. One that another has followed has
 * handed its names over, and its comment stays where it is.
 */
export function placesOf(
  refs: readonly ExternalRef[],
  faces: readonly Face[],
  { trackers }: Pick<OutsideInForce, "trackers">,
  project: ToldProject,
): readonly Place[] {
  const found = new Map<string, Place>();
  for (const ref of refs) {
    const at = trackers.has(ref.source) ? itemOfRef(ref, project.trackers) : null;
    if (at !== null && !found.has(ref.source)) found.set(ref.source, { source: ref.source, at });
  }
  for (const { source, place, item } of faces)
    if (item !== "" && trackers.has(source) && !found.has(source))
      found.set(source, { source, at: { place, id: item } });
  return [...found.values()];
}

export function wantedFaces(
  facts: CardFacts,
  places: readonly Place[],
  project: ToldProject,
  { forges }: Pick<OutsideInForce, "forges">,
  redact: (text: string) => string,
): readonly WantedFace[] {
  const { tell, command, branchUrl } = project;
  const state = cardState(facts);
  const atItems = places.flatMap(({ source, at }): WantedFace[] => {
    const where = { source, place: at.place, item: at.id };
    const moved = movedAt(facts, state);
    const named = moved === null ? undefined : tell.states[moved];
    const labels = wantedLabels(tell.labels, state);
    return [
      ...(tell.comment
        ? [
            {
              ...where,
              ...{
                aspect: "comment" as const,
                wish: { text: drawComment(facts, { redact, command, branchUrl }) },
              },
            },
          ]
        : []),
      ...(labels === null ? [] : [{ ...where, aspect: "labels" as const, wish: labels }]),
      ...(named === undefined ? [] : [{ ...where, aspect: "state" as const, wish: { state: named } }]),
    ];
  });
  return [...atItems, ...wantedStatus(facts, state, project, forges)];
}

const LABELLED: Readonly<Record<CardState, LabelledAs | null>> = {
  queued: "working",
  working: "working",
  ci: "working",
  limited: "waiting",
  held: "waiting",
  asking: "waiting",
  paused: "waiting",
  blocked: "waiting",
  failed: "failed",
  done: "done",
  cancelled: null,
};

function wantedLabels(
  labels: ToldProject["tell"]["labels"],
  state: CardState,
): { readonly has: readonly string[]; readonly lacks: readonly string[] } | null {
  const all = Object.values(labels);
  if (all.length === 0) return null;
  const as = LABELLED[state];
  const own = as === null ? undefined : labels[as];
  // Two words may share a label.
  return { has: own === undefined ? [] : [own], lacks: [...new Set(all.filter((label) => label !== own))] };
}

/** What a task has come to, in the words of a board; `null` where that moves nothing there. */
function movedAt({ runs, phases }: CardFacts, state: CardState): MovedAt | null {
  switch (state) {
    case "done":
    case "failed":
      return state;
    case "asking":
    case "ci":
      return "review";
    case "cancelled":
    case "paused":
      return null;
    default:
      return runs.length > 0 || phases.some(({ finishedAt }) => finishedAt !== null) ? "started" : null;
  }
}

const COMMIT_STATES: Readonly<Record<CardState, CommitState>> = {
  queued: "pending",
  working: "pending",
  ci: "pending",
  limited: "pending",
  held: "pending",
  asking: "pending",
  paused: "pending",
  blocked: "pending",
  failed: "failure",
  done: "success",
  cancelled: "error",
};

function wantedStatus(
  { task }: CardFacts,
  state: CardState,
  { name, repo, forge, tell }: ToldProject,
  forges: OutsideInForce["forges"],
): readonly WantedFace[] {
  if (!tell.status || repo === null || forge === null || !forges.has(forge) || task.commit === null)
    return [];
  const text = `${task.key}: ${CARD_STATES[state].word}`;
  const wish = {
    commit: task.commit,
    name: `chargehand/${name}`,
    state: COMMIT_STATES[state],
    text,
    url: task.url,
  };
  return [{ source: forge, place: repo, item: "", aspect: "status", wish }];
}
