/** What the scripted agent does in a dry run: an artifact for each phase, and which verdict it gives when. */

import type { Route, Workflow, WorkflowPhase } from "../../workflow/workflow.ts";
import { verdictsOf } from "../commands/workflow/told.ts";
import type { Playbook, Step } from "../stage/playbook.ts";
import { exampleOf } from "./example.ts";

/** By phase, in the order in which they are given; the last that was stated is followed by the usual one. */
export type Stated = ReadonlyMap<string, readonly string[]>;

export type Planned =
  | { readonly kind: "planned"; readonly playbook: Playbook }
  /** Sentences: a verdict that there is not, or a schema for which no artifact can be made. */
  | { readonly kind: "misnamed" | "unable"; readonly problems: readonly string[] };

export function planOf(workflow: Workflow, stated: Stated): Planned {
  const misnamed = misnamedIn(workflow, stated);
  if (misnamed.length > 0) return { kind: "misnamed", problems: misnamed };
  const problems: string[] = [];
  const phases = workflow.phases.map((phase) => {
    const last = usualVerdict(phase, workflow);
    const steps = [...(stated.get(phase.key) ?? []), last].map((verdict, at) => {
      const step = stepOf(phase, verdict, at);
      if (typeof step === "string") problems.push(step);
      return typeof step === "string" ? [] : [step];
    });
    return [phase.key, steps.flat()] as const;
  });
  if (problems.length > 0) return { kind: "unable", problems: [...new Set(problems)] };
  return { kind: "planned", playbook: { turnMs: 0, phases: Object.fromEntries(phases) } };
}

function stepOf(phase: WorkflowPhase, verdict: string | null, at: number): Step | string {
  const { key, artifact } = phase;
  // Something to publish, for what is published has a commit that CI can look at.
  const files = { [`tried/${key}.md`]: `Tried ${at + 1} times.\n` };
  const says = `Tried ${key}${verdict === null ? "" : `: ${verdict}`}.`;
  if (artifact === null) return { turns: 1, files, says };
  const example = exampleOf(artifact.schema, verdict);
  if (example.kind === "made") return { turns: 1, files, artifact: example.text, says };
  const which = verdict === null ? "" : ` with the verdict ${verdict}`;
  return `phases.${key}.artifact.schema ${example.reason}, so there is no ${artifact.path}${which}`;
}

function misnamedIn(workflow: Workflow, stated: Stated): readonly string[] {
  return [...stated].flatMap(([key, verdicts]) => {
    const phase = workflow.phases.find((one) => one.key === key);
    if (phase === undefined) {
      const keys = workflow.phases.map((one) => one.key).join(", ");
      return [`there is no phase ${key}; there are ${keys}`];
    }
    const known = verdictsKnown(phase);
    return verdicts
      .filter((verdict) => !known.includes(verdict))
      .map((verdict) => `phase ${key} has no verdict ${verdict}; it has ${known.join(", ") || "none"}`);
  });
}

export function verdictsKnown({ artifact }: WorkflowPhase): readonly string[] {
  return artifact === null ? [] : verdictsOf(artifact);
}

/** The one that leads nearest to the end of the workflow without ending it early; the first of the like. */
function usualVerdict(phase: WorkflowPhase, workflow: Workflow): string | null {
  const ranked = verdictsKnown(phase).map((verdict) => [verdict, rankOf(phase, verdict, workflow)] as const);
  const best = Math.min(...ranked.map(([, rank]) => rank));
  return ranked.find(([, rank]) => rank === best)?.[0] ?? null;
}

function rankOf({ key, routes }: WorkflowPhase, verdict: string, { phases }: Workflow): number {
  const route: Route = (Object.hasOwn(routes, verdict) ? routes[verdict] : undefined) ?? { to: "next" };
  if (route.to !== "phase") return ["next", "freeze", "", "done", "", "fail"].indexOf(route.to);
  const at = (wanted: string): number => phases.findIndex((phase) => phase.key === wanted);
  return at(route.phase) > at(key) ? 2 : 4;
}
