/**
 * The phases of a workflow file as rules read them: loosely, as they were written, because the schema refuses what has
 * the wrong kind, and a file with both kinds of problems shows both at once.
 */

import type { ConfigPath, Fault, Fields } from "../../../system/config/part.ts";
import { fieldsOf } from "../../../system/config/tree.ts";
import { boundedSchema } from "../../../system/schema/bounded.ts";
import { PHASES_MAX } from "../../../workflow/limits.ts";
import { MERGE_VERDICTS } from "../../../workflow/phases/merge.ts";
import { type Json, PHASE_DEFAULTS } from "../../../workflow/workflow.ts";

export interface LoosePhase {
  /** From 0, in the file's order. */
  readonly index: number;
  /** Such as `phases`, 2. */
  readonly path: ConfigPath;
  /** What can be told of it; `null` where it is missing, or not what it should be. */
  readonly key: string | null;
  readonly role: string | null;
  readonly artifact: LooseArtifact | null;
  readonly fields: Fields;
}

export interface LooseArtifact {
  readonly path: string | null;
  /** `null` where there is none, or one that is refused anyway. */
  readonly schema: Json;
  /** The verdicts that its schema lets pass; `null` where it does not say which. */
  readonly verdicts: readonly string[] | null;
}

/** What one phase means for the others. Says nothing of what the schema refuses. */
export type PhaseRule = (phase: LoosePhase, all: readonly LoosePhase[]) => readonly PhaseFault[];

export interface PhaseFault extends Fault {
  /** Of the text at the path, the character that is meant, from 0. */
  readonly character?: number;
}

export function loosePhases(tree: unknown): readonly LoosePhase[] {
  const { phases } = fieldsOf(tree);
  if (!Array.isArray(phases)) return [];
  return phases.slice(0, PHASES_MAX).map((phase: unknown, index) => {
    const fields = fieldsOf(phase);
    return {
      ...{ index, path: ["phases", index], fields },
      key: textOf(fields["key"]),
      role: textOf(fields["role"]),
      artifact: artifactOf(fields),
    };
  });
}

/** A merge says how it went, though it leaves no file. */
function artifactOf({ artifact, merge }: Fields): LooseArtifact | null {
  if (merge !== undefined) return { path: null, schema: null, verdicts: MERGE_VERDICTS };
  return artifact === undefined ? null : looseArtifact(fieldsOf(artifact));
}

function looseArtifact({ path, schema }: Fields): LooseArtifact {
  const bounded = isMapping(schema) ? boundedSchema(schema) : null;
  const json = bounded?.kind === "json" ? bounded.json : null;
  return { path: textOf(path), schema: json, verdicts: verdictsOf(json) };
}

/** `properties.verdict`, as `enum` or `const`. */
function verdictsOf(schema: Json): readonly string[] | null {
  const { enum: several, const: only } = fieldsOf(fieldsOf(fieldsOf(schema)["properties"])["verdict"]);
  const found = [...(Array.isArray(several) ? several : []), only].flatMap((value) => textOf(value) ?? []);
  return found.length === 0 ? null : found;
}

/** Those that are there wherever this one is: some are only where the project merges. */
export function besides(phase: LoosePhase, all: readonly LoosePhase[]): readonly LoosePhase[] {
  return isOnlyMerging(phase) ? all : all.filter((other) => !isOnlyMerging(other));
}

export function isOnlyMerging({ fields }: LoosePhase): boolean {
  return fieldsOf(fields["when"])["project"] !== undefined;
}

/** How often it may be played again, as the file says or leaves it. */
export function cyclesOf({ fields: { max_cycles: cycles = PHASE_DEFAULTS.cyclesMax } }: LoosePhase): unknown {
  return cycles;
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A word of the file in a message; it may be very long. */
export function quoted(word: string): string {
  return JSON.stringify(word.length > 64 ? `${word.slice(0, 64)}…` : word);
}
