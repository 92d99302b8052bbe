/** A workflow that a person names: one that comes with the program, or a file. No daemon is asked. */

import { readTextFile } from "../../../daemon/config/fill-in.ts";
import type { ReadWorkflow, WorkflowProblem } from "../../../daemon/workflows/read.ts";
import type { Gate, Workflow } from "../../../workflow/workflow.ts";
import { type Answer, EXIT, fail } from "../../outcome.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";

/** More than a workflow file may have; what is cut here is too large in any case. */
const READ_BYTES_MAX = 300_000;

export interface Opened {
  /** `built-in single`, or the path as it was named. */
  readonly origin: string;
  readonly text: string;
}

export async function openFile(file: string, { files }: Ports): Promise<Answer<Opened>> {
  const read = await readTextFile(files, file, READ_BYTES_MAX);
  if (read.kind === "unreadable") return fail(EXIT.failed, `${file} cannot be read: ${read.reason}`);
  if (read.text === null) return fail(EXIT.notFound, `there is no file ${plain(file)}`);
  return { kind: "ok", value: { origin: file, text: read.text } };
}

/** A built-in workflow goes before a file of the same name; `./single` is the file. */
export async function openNamed(name: string, ports: Ports): Promise<Answer<Opened>> {
  const { BUILT_IN_NAMES, builtInText } = await import("../../../daemon/workflows/built-in.ts");
  const known = builtInText(name);
  if (known !== null) return { kind: "ok", value: known };
  const opened = await openFile(name, ports);
  if (opened.kind === "ok" || opened.exit !== EXIT.notFound) return opened;
  const { nearest } = await import("../../../system/config/suggestion.ts");
  const meant = nearest(name, BUILT_IN_NAMES);
  return fail(
    EXIT.notFound,
    `there is neither a built-in workflow nor a file ${plain(name)}`,
    meant === null ? `built-in are ${BUILT_IN_NAMES.join(", ")}` : `did you mean ${meant}?`,
  );
}

export async function readOpened({ origin, text }: Opened): Promise<ReadWorkflow> {
  const { readWorkflow } = await import("../../../daemon/workflows/read.ts");
  const { schemaTrouble } = await import("../../../system/schema/prepare.ts");
  return readWorkflow(text, origin, { schemaTrouble });
}

/** `flow.yaml:12:5: phases[0].on.ok: …`, safe for a terminal. */
export function problemLine({ file, line, column, path, message }: WorkflowProblem): string {
  const where = line > 0 ? `${file}:${line}:${column}` : file;
  return plain([where, path, message].filter((part) => part !== "").join(": "));
}

/** With the keys that the file has. */
export function workflowDocument(workflow: Workflow, hash: string): object {
  const phases = workflow.phases.map((phase) => {
    const { cyclesMax, timeoutMs, routes, gate, checks, ...same } = phase;
    return {
      ...same,
      checks: checks.map(({ run, timeoutMs: timeout }) => ({ run, timeout_ms: timeout })),
      gate: gateDocument(gate),
      on: Object.fromEntries(
        Object.entries(routes).map(([said, route]) => [said, route.to === "phase" ? route.phase : route.to]),
      ),
      max_cycles: cyclesMax,
      timeout_ms: timeoutMs,
    };
  });
  return { name: workflow.name, description: workflow.description, hash, phases };
}

function gateDocument(gate: Gate): object {
  switch (gate.kind) {
    case "none":
      return gate;
    case "approval": {
      const { kind, approvers, count, notAuthor, expiresMs, onReject } = gate;
      return { kind, approvers, count, not_author: notAuthor, expires_ms: expiresMs, on_reject: onReject };
    }
    case "ci": {
      const { kind, required, timeoutMs, noChecks, graceMs } = gate;
      return { kind, required, timeout_ms: timeoutMs, no_checks: noChecks, grace_ms: graceMs };
    }
    default:
      return { kind: gate.kind, parts: [gateDocument(gate.approval), gateDocument(gate.ci)] };
  }
}
