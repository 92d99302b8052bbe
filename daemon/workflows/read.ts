/**
 * Reads a workflow file: parsed, checked as a whole, and handed on as plain data with the hash of what it says.
 *
 * W1. All problems are told at once, each with its path, line and column, and what to do.
 * W2. Nothing of it is run. A hostile file (bombs of aliases, circles, floods, endless templates) is refused, and soon;
 *     reading throws for no text at all.
 * W3. What is read is whole: every phase that is named exists, every way back has an end, every verdict can be given,
 *     and every variable of a template is there.
 */

import { type Position, parseYaml, type YamlSource } from "../../system/config/document.ts";
import { faultsOf, type Known } from "../../system/config/sentences.ts";
import { formatPath } from "../../system/config/tree.ts";
import { type Allowance, allowance } from "../../system/schema/allowance.ts";
import { canonicalJson } from "../../workflow/text/canonical.ts";
import type { Json, Workflow } from "../../workflow/workflow.ts";
import type { ConfigProblem } from "../config/file.ts";
import { hashOf } from "./hash.ts";
import { refusedKey } from "./later.ts";
import { makeWorkflow } from "./make.ts";
import { ownPlace, usableSchema } from "./rules/artifacts.ts";
import { enoughApprovers, gateSays, rejectionEnds, requiredCount, requiredIsForeign } from "./rules/gates.ts";
import { filledIn } from "./rules/instructions.ts";
import { conditionSays, playedBySomebody, somethingToMerge } from "./rules/merging.ts";
import { loosePhases, type PhaseFault, type PhaseRule } from "./rules/phases.ts";
import { conditionHolds, routesLead, sessionIsThere, uniqueKey } from "./rules/routes.ts";
import { workflowJsonSchema, workflowSchema } from "./schema.ts";

export type ReadWorkflow =
  | {
      readonly kind: "workflow";
      readonly workflow: Workflow;
      /** Of what it says (`hash.ts`), not of its text. */
      readonly hash: string;
      /** As it was read. */
      readonly text: string;
    }
  | { readonly kind: "problems"; readonly problems: readonly WorkflowProblem[] };

/** `file` is the origin. */
export type WorkflowProblem = ConfigProblem;

export interface ReadPorts {
  /** Why a JSON Schema cannot be used, as the rest of a sentence that begins with it; `null` when it can. */
  readonly schemaTrouble: (schema: Json, time: Allowance) => string | null;
  /** What its templates and schemas may take together; {@link READ_MS_MAX} where it is left out. */
  readonly time?: Allowance;
  /** What is asked of its phases besides, because of where the file comes from. */
  readonly rules?: readonly PhaseRule[];
}

const FILE_BYTES_MAX = 262_144;
/** Of what it says, with all that it repeats by aliases written out: as it is stored, and read again and again. */
const DOCUMENT_BYTES_MAX = 524_288;
/** Of the thread in which everything else waits. A file of fifty phases takes a tenth of it. */
const READ_MS_MAX = 5_000;
/** Told at once; a file with more is another kind of file. */
const PROBLEMS_MAX = 100;
/** Of a key and of a sentence in a problem: a word of the file may be as long as the file. */
const STEP_CHARS_MAX = 64;
const MESSAGE_CHARS_MAX = 500;
const KNOWN: Known = { schema: workflowJsonSchema(), refusedKey, refusedValue: () => null };

/** @param origin what problems call the file: its path, or where else it comes from */
export function readWorkflow(
  text: string,
  origin: string,
  { schemaTrouble, rules: more = [], time = allowance(READ_MS_MAX) }: ReadPorts,
): ReadWorkflow {
  const whole = (message: string): ReadWorkflow => ({
    kind: "problems",
    problems: [{ file: origin, line: 0, column: 0, path: "", message }],
  });
  if (Buffer.byteLength(text) > FILE_BYTES_MAX) return whole("is larger than 256 KiB");
  const parsed = parseYaml(text, "the file must be a mapping of keys to values, beginning with name");
  if (parsed.kind === "malformed")
    return {
      kind: "problems",
      problems: parsed.faults.map((fault) => ({ file: origin, path: "", ...fault })),
    };
  const { source } = parsed;
  const checked = workflowSchema.safeParse(source.tree, { reportInput: true });
  const phases = loosePhases(source.tree);
  const rules: readonly PhaseRule[] = [
    ...[uniqueKey, routesLead, conditionHolds, sessionIsThere, gateSays, rejectionEnds, enoughApprovers],
    ...[requiredCount, requiredIsForeign, playedBySomebody, somethingToMerge, conditionSays],
    ...[
      ownPlace,
      ...inTime(
        time,
        usableSchema((schema) => schemaTrouble(schema, time)),
        filledIn(time),
      ),
      ...more,
    ],
  ];
  const found: readonly PhaseFault[] = [
    ...(checked.error?.issues ?? []).slice(0, PROBLEMS_MAX).flatMap((issue) => faultsOf(cut(issue), KNOWN)),
    ...phases.flatMap((phase) => rules.flatMap((rule) => rule(phase, phases))),
  ];
  if (!checked.success || found.length > 0)
    return { kind: "problems", problems: place(found, origin, source) };
  const workflow = makeWorkflow(checked.data);
  if (Buffer.byteLength(canonicalJson(workflow)) > DOCUMENT_BYTES_MAX)
    return whole(
      `says more than ${DOCUMENT_BYTES_MAX / 1_024} KiB with everything that it repeats written out: shorten its instructions and schemas, or repeat less`,
    );
  return { kind: "workflow", workflow, hash: hashOf(workflow), text };
}

/** W2. Rules that cost time, for as long as the file has any left; that it has none is told once. */
function inTime(time: Allowance, ...rules: readonly PhaseRule[]): readonly PhaseRule[] {
  let isTold = false;
  return rules.map((rule) => (phase, all) => {
    if (time.leftMs() > 0) return rule(phase, all);
    if (isTold) return [];
    isTold = true;
    const message =
      "is not looked at any more: the templates and schemas of the file take too long together; make them smaller or simpler";
    return [{ path: phase.path, message }];
  });
}

type Issue = Parameters<typeof faultsOf>[0];

/** A mapping may have tens of thousands of unknown keys. */
function cut(issue: Issue): Issue {
  return issue.code === "unrecognized_keys" ? { ...issue, keys: issue.keys.slice(0, PROBLEMS_MAX) } : issue;
}

/** Gives every fault its line, in the order of the file. Of a place, the first fault is the cause of the others. */
function place(faults: readonly PhaseFault[], file: string, source: YamlSource): readonly WorkflowProblem[] {
  const byPlace = new Map<string, PhaseFault>();
  for (const fault of faults) {
    const key = `${formatPath(fault.path)} ${fault.character ?? ""}`;
    if (!byPlace.has(key)) byPlace.set(key, fault);
  }
  const told = [...byPlace.values()].slice(0, PROBLEMS_MAX).map((fault) => {
    const message = shortened(fault.message, MESSAGE_CHARS_MAX);
    return { file, path: formatPath(fault.path.map(shortenedStep)), message, ...at(fault, source) };
  });
  const problems = told.sort((one, other) => one.line - other.line || one.column - other.column);
  const more = byPlace.size - problems.length;
  if (more === 0) return problems;
  return [...problems, { file, line: 0, column: 0, path: "", message: `there are ${more} more problems` }];
}

function at({ path, at: what, character }: PhaseFault, source: YamlSource): Position {
  return character === undefined ? source.locate(path, what ?? "value") : source.locateIn(path, character);
}

function shortenedStep(step: string | number): string | number {
  return typeof step === "string" ? shortened(step, STEP_CHARS_MAX) : step;
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
