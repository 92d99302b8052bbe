/** Phases with and without an agent: each has what it needs, and a merge finds something to merge. */

import { fieldsOf } from "../../../system/config/tree.ts";
import { besides, isOnlyMerging, type LoosePhase, type PhaseFault, type PhaseRule } from "./phases.ts";

/** What a phase may say that no agent plays. */
const OF_MERGE = ["key", "merge", "when", "on", "max_cycles"];
const OF_AGENT = ["role", "instructions"];

export const playedBySomebody: PhaseRule = ({ fields, path }) => {
  if (fields["merge"] === undefined)
    return OF_AGENT.filter((key) => fields[key] === undefined).map((key) => {
      return {
        path: [...path, key],
        message: "is missing; a phase that has neither role nor instructions says merge",
      };
    });
  return Object.keys(fields)
    .filter((key) => !OF_MERGE.includes(key) && isKnown(key))
    .map((key) => {
      return {
        path: [...path, key],
        at: "key",
        message: "is of a phase with an agent, and a merge has none",
      };
    });
};

/** What is no key at all, the schema says. */
function isKnown(key: string): boolean {
  return [
    ...OF_AGENT,
    "artifact",
    "checks",
    "gate",
    "session",
    "attempts",
    "timeout",
    "model",
    "effort",
    "publish",
  ].includes(key);
}

/** Before it there has to be a phase that is published whatever happens, or there is never anything to merge. */
export const somethingToMerge: PhaseRule = (phase, all) => {
  if (phase.fields["merge"] === undefined) return [];
  const earlier = besides(phase, all).filter(({ index }) => index < phase.index);
  if (earlier.some(isPublished)) return [];
  const message = "has nothing to merge: an earlier phase has to say publish: true, or have a gate of ci";
  return [{ path: [...phase.path, "merge"], message }];
};

function isPublished({ fields: { publish, gate } }: LoosePhase): boolean {
  const { all_of: every, any_of: some } = fieldsOf(gate);
  const parts = [gate, every, some].flat();
  return publish === true || parts.some((part) => part === "ci" || fieldsOf(part)["ci"] !== undefined);
}

/** A condition is about an earlier phase with its verdict, or about the project, or both. */
export const conditionSays: PhaseRule = (phase) => {
  const { fields, path, index } = phase;
  if (typeof fields["when"] !== "object" || fields["when"] === null) return [];
  const { phase: wanted, verdict } = fieldsOf(fields["when"]);
  const at = [...path, "when"];
  const faults: PhaseFault[] = [];
  if (wanted === undefined && (verdict !== undefined || !isOnlyMerging(phase)))
    faults.push({ path: [...at, "phase"], message: "is missing" });
  if (verdict === undefined && wanted !== undefined)
    faults.push({ path: [...at, "verdict"], message: "is missing" });
  if (index === 0 && isOnlyMerging(phase))
    faults.push({ path: at, message: "the first phase has to be there in every project" });
  return faults;
};
