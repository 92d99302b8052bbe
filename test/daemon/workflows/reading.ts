/** Reads workflow texts for tests, and tells problems in one line each, as `line:column path: message`. */

import assert from "node:assert/strict";
import { type ReadPorts, type ReadWorkflow, readWorkflow } from "../../../daemon/workflows/read.ts";
import type { Allowance } from "../../../system/schema/allowance.ts";
import { schemaTrouble as realTrouble } from "../../../system/schema/prepare.ts";
import type { Workflow } from "../../../workflow/workflow.ts";

export function read(
  text: string,
  schemaTrouble: ReadPorts["schemaTrouble"] = realTrouble,
  time?: Allowance,
): ReadWorkflow {
  return readWorkflow(text, "flow.yaml", { schemaTrouble, ...(time !== undefined && { time }) });
}

export function problemsOf(
  text: string,
  schemaTrouble?: ReadPorts["schemaTrouble"],
  time?: Allowance,
): readonly string[] {
  const found = read(text, schemaTrouble, time);
  if (found.kind === "workflow") return [];
  return found.problems.map(({ file, line, column, path, message }) => {
    assert.equal(file, "flow.yaml");
    return `${line}:${column} ${path}: ${message}`;
  });
}

export function workflowIn(text: string): Workflow {
  const found = read(text);
  if (found.kind === "problems") assert.fail(JSON.stringify(found.problems, null, 2));
  return found.workflow;
}

/** A workflow whose phases are these, each indented by two. */
export function withPhases(...phases: readonly string[]): string {
  const lines = phases.flatMap((phase) =>
    phase
      .trimEnd()
      .split("\n")
      .map((line, index) => `${index === 0 ? "  - " : "    "}${line}`),
  );
  return `name: flow\nphases:\n${lines.join("\n")}\n`;
}

/** A phase that has nothing to complain about, with more lines. */
export function phase(key: string, ...more: readonly string[]): string {
  return [`key: ${key}`, "role: developer", "instructions: Do it.", ...more].join("\n");
}

/** The line of an artifact with verdicts. */
export function verdicts(path: string, ...names: readonly string[]): string {
  return `artifact: { path: ${path}, schema: { type: object, properties: { verdict: { enum: [${names.join(", ")}] } } } }`;
}
