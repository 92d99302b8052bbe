/**
 * What the instructions of a phase may name, as a tree of plain JSON: the declared one, which samples stand for, is
 * what a workflow file is checked against, and what fills the instructions in has the same shape.
 *
 * `task {key, title, url, branch, base}`, `phase {key, role, cycle}`, `attempt`, `artifacts.KEY` of each earlier phase
 * that has one (`path`, `verdict`, and the fields that its schema declares), `previous {phase, verdict, summary}`,
 * `feedback [{by, text}]`, `answers`, `repo {name, base}`. What is not there now is `null`, or empty.
 */

import type { ArtifactSpec, Json, WorkflowPhase } from "../workflow.ts";
import { type Fullness, sampleOf, withDeclaredFields } from "./fields.ts";

export type TemplateValues = Readonly<Record<string, Json>>;

/** An artifact that an earlier phase has left behind. */
export interface FoundValue {
  readonly verdict: string | null;
  /** What stands in it, as JSON; of text without a schema nothing is known. */
  readonly content: Json;
}

type Named = Pick<WorkflowPhase, "key" | "artifact">;

/**
 * `artifacts` of a template: each phase before this one that leaves an artifact, with all that its schema declares;
 * `null` for a phase that has left none, because it was left out.
 *
 * @param phases of the workflow, in order
 * @param index of the phase whose instructions are filled in
 * @param found by the key of the phase
 */
export function artifactValues(
  phases: readonly Named[],
  index: number,
  found: (phase: string, artifact: ArtifactSpec) => FoundValue | null,
): Readonly<Record<string, Json>> {
  const earlier = phases.slice(0, index).flatMap(({ key, artifact }) => {
    return artifact === null ? [] : [{ key, artifact }];
  });
  return Object.fromEntries(
    earlier.map(({ key, artifact }) => {
      const value = found(key, artifact);
      return [key, value === null ? null : artifactValue(artifact, value)];
    }),
  );
}

/** Its path and verdict go before fields of these names. */
function artifactValue({ path, schema }: ArtifactSpec, { verdict, content }: FoundValue): Json {
  const fields = schema === null ? null : withDeclaredFields(schema, content);
  const isMapping = typeof fields === "object" && fields !== null && !Array.isArray(fields);
  return { ...(isMapping ? fields : {}), path, verdict };
}

/**
 * Values as they may come for one phase: with everything there is, with only what has to be there, and with no artifact
 * of any earlier phase, because each may have been left out.
 *
 * @param phases of the workflow, in order
 * @param index of the phase whose instructions are meant
 */
export function sampleValues(
  phases: readonly (Named & Pick<WorkflowPhase, "role">)[],
  index: number,
): readonly [TemplateValues, ...TemplateValues[]] {
  const { key = "", role = "" } = phases[index] ?? {};
  const artifacts = (fullness: Fullness): Json =>
    artifactValues(phases, index, (_key, { schema }) => {
      const verdict = schema === null || fullness === "sparse" ? null : "approved";
      return { verdict, content: sampleOf(schema, fullness) };
    });
  const full = {
    task: {
      ...{ key: "SHOP-12", title: "Add a cart", url: "https://forge.example/shop/issues/12" },
      ...{ branch: "chargehand/SHOP-12", base: "main" },
    },
    phase: { key, role, cycle: 1 },
    attempt: 1,
    artifacts: artifacts("full"),
    previous: {
      phase: phases[Math.max(0, index - 1)]?.key ?? "",
      verdict: "approved",
      summary: "It is done.",
    },
    feedback: [{ by: "ada", text: "Please use less memory." }],
    answers: {},
    repo: { name: "acme/shop", base: "main" },
  };
  const sparse = {
    ...full,
    task: { ...full.task, url: null, branch: null },
    artifacts: artifacts("sparse"),
    previous: null,
    feedback: [],
  };
  return [full, sparse, { ...sparse, artifacts: artifactValues(phases, index, () => null) }];
}
