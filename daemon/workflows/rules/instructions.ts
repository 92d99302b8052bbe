/** Instructions are templates: what they name is there, whatever the task and its earlier phases are like. */

import type { Allowance } from "../../../system/schema/allowance.ts";
import { templateTroubles } from "../../../system/template/liquid.ts";
import { sampleValues } from "../../../workflow/template/values.ts";
import type { ArtifactSpec } from "../../../workflow/workflow.ts";
import { besides, type LoosePhase, type PhaseFault, type PhaseRule, textOf } from "./phases.ts";

/** Of a template that takes too long or too much; others of such a file would do so, too. */
const EXCESS = /limit exceeded/;

/**
 * A rule for the phases of one file. It stops at the first template that goes beyond a limit.
 *
 * @param time of all that is in the file
 */
export function filledIn(time: Allowance): PhaseRule {
  let isExcessive = false;
  return (phase, all) => {
    const template = textOf(phase.fields["instructions"]);
    if (template === null || isExcessive) return [];
    const there = besides(phase, all);
    const samples = sampleValues(there.map(shapeOf), there.indexOf(phase));
    const troubles = templateTroubles(template, samples, time.leftMs);
    isExcessive = troubles.some(({ reason }) => EXCESS.test(reason));
    return troubles.map(({ reason, place }): PhaseFault => {
      const fault = { path: [...phase.path, "instructions"], message: reason };
      return place === null ? fault : { ...fault, character: characterOf(template, place) };
    });
  };
}

function shapeOf({ key, role, artifact, index, fields }: LoosePhase): {
  readonly key: string;
  readonly role: string;
  readonly artifact: ArtifactSpec | null;
} {
  return {
    key: key ?? `phases[${index}]`,
    role: role ?? "",
    artifact:
      artifact === null || fields["merge"] !== undefined
        ? null
        : { path: artifact.path ?? "", schema: artifact.schema },
  };
}

function characterOf(template: string, { line, column }: { line: number; column: number }): number {
  const before = template.split("\n").slice(0, line - 1);
  return before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
}
