/**
 * What the instructions of a phase may name, as a tree of plain JSON: the declared one, which samples stand for, is
 * what a workflow file is checked against, and what fills the instructions in has the same shape.
 *
 * `task {key, title, url, branch, base}`, `phase {key, role, cycle}`, `attempt`, `artifacts.KEY {path, verdict, data}`
 * of each earlier phase that has one, `previous {phase, verdict, summary}`, `feedback [{by, text}]`,
 * `answers [{question, answer}]`, `repo {name, base}`. What is not there now is `null`, or an empty list.
 */

import type { ArtifactSpec, Json, WorkflowPhase } from "../workflow.ts";
import { type Fullness, sampleOf, withDeclaredFields } from "./fields.ts";

export type TemplateValues = Readonly<Record<string, Json>>;

/** An artifact as templates know it. */
export type ArtifactValue = {
  /** Where it can be read. */
  readonly path: string;
  /** The text `verdict` at its top; `null` where it has none. */
  readonly verdict: string | null;
  /** What stands in it, with every field that its schema declares; `null` where it has no schema. */
  readonly data: Json;
};

/** @param content what stands in it, checked; `null` of one without a schema */
export function artifactValue(path: string, schema: Json, content: Json): ArtifactValue {
  const data = schema === null ? null : withDeclaredFields(schema, content);
  const verdict = typeof data === "object" && data !== null && "verdict" in data ? data["verdict"] : null;
  return { path, verdict: typeof verdict === "string" ? verdict : null, data };
}

/**
 * Values as they may come for one phase: with everything there is, with only what has to be there, and with no artifact
 * of any earlier phase, because each may have been left out.
 *
 * @param phases of the workflow, in order
 * @param index of the phase whose instructions are meant
 */
export function sampleValues(
  phases: readonly Pick<WorkflowPhase, "key" | "role" | "artifact">[],
  index: number,
): readonly [TemplateValues, ...TemplateValues[]] {
  const { key = "", role = "" } = phases[index] ?? {};
  const earlier = phases.slice(0, index).flatMap(({ key: name, artifact }) => {
    return artifact === null ? [] : [{ name, artifact }];
  });
  const artifacts = (make: (artifact: ArtifactSpec) => Json): Json =>
    Object.fromEntries(earlier.map(({ name, artifact }) => [name, make(artifact)]));
  const sampleArtifact =
    (fullness: Fullness) =>
    ({ path, schema }: ArtifactSpec): Json =>
      artifactValue(path, schema, schema === null ? null : sampleOf(schema, fullness));
  const full = {
    task: {
      ...{ key: "SHOP-12", title: "Add a cart", url: "https://forge.example/shop/issues/12" },
      ...{ branch: "chargehand/SHOP-12", base: "main" },
    },
    phase: { key, role, cycle: 1 },
    attempt: 1,
    artifacts: artifacts(sampleArtifact("full")),
    previous: { phase: phases[Math.max(0, index - 1)]?.key ?? "", verdict: "done", summary: "It is done." },
    feedback: [{ by: "ada", text: "Please use less memory." }],
    answers: [{ question: "Which database?", answer: "PostgreSQL" }],
    repo: { name: "acme/shop", base: "main" },
  };
  const sparse = {
    ...full,
    task: { ...full.task, url: null, branch: null },
    artifacts: artifacts(sampleArtifact("sparse")),
    previous: null,
    feedback: [],
    answers: [],
  };
  return [full, sparse, { ...sparse, artifacts: artifacts(() => null) }];
}
