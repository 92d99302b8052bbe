/**
 * The workflow that somebody means by a name: one that the configuration names, by what it says there or by what the
 * file calls itself; one that comes with the program; or that of the repository.
 */

import { suggestion } from "../../system/config/suggestion.ts";
import { schemaTrouble } from "../../system/schema/prepare.ts";
import { FROM_REPOSITORY } from "../../workflow/task.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { BUILT_IN_NAMES, builtInText } from "./built-in.ts";
import { hashOf } from "./hash.ts";
import { readWorkflow } from "./read.ts";

export type NamedWorkflow =
  /** `null` for that of the repository, which is still to be read. */
  | { readonly kind: "workflow"; readonly workflow: Workflow | null }
  /** A sentence. */
  | { readonly kind: "unknown"; readonly reason: string };

/** @param configured by what the configuration calls them */
export function workflowNamed(name: string, configured: ReadonlyMap<string, Workflow>): NamedWorkflow {
  if (name === FROM_REPOSITORY) return { kind: "workflow", workflow: null };
  const text = builtInText(name);
  const said = configured.get(name);
  if (said !== undefined) return { kind: "workflow", workflow: said };
  if (text !== null) {
    const read = readWorkflow(text.text, text.origin, { schemaTrouble });
    if (read.kind === "workflow") return read;
  }
  const own = [...configured].filter(([, workflow]) => workflow.name === name);
  const [first] = own;
  if (first !== undefined && new Set(own.map(([, workflow]) => hashOf(workflow))).size === 1)
    return { kind: "workflow", workflow: first[1] };
  if (first !== undefined) {
    const places = own.map(([place]) => place).join(" and ");
    return {
      kind: "unknown",
      reason: `several workflows are called "${name}": name one by its path, ${places}`,
    };
  }
  const all = [...new Set([...BUILT_IN_NAMES, ...configured.keys(), FROM_REPOSITORY])];
  const meant = suggestion(name, all) || `; there are ${all.join(", ")}`;
  return { kind: "unknown", reason: `there is no workflow "${name}"${meant}` };
}
