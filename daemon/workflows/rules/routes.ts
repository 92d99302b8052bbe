/** Where a phase leads, and when it is left out: every name means something, and every way back has an end. */

import type { ConfigPath } from "../../../system/config/part.ts";
import { suggestion } from "../../../system/config/suggestion.ts";
import { fieldsOf } from "../../../system/config/tree.ts";
import { ROUTE_WORDS } from "../../../workflow/workflow.ts";
import {
  besides,
  cyclesOf,
  type LoosePhase,
  type PhaseFault,
  type PhaseRule,
  quoted,
  textOf,
} from "./phases.ts";

export const uniqueKey: PhaseRule = ({ key, index, path }, all) => {
  const first = all.find((other) => other.key === key);
  if (key === null || first === undefined || first.index === index) return [];
  return [{ path: [...path, "key"], message: `is the key of an earlier phase, phases[${first.index}]` }];
};

export const routesLead: PhaseRule = (phase, all) => {
  const routes = Object.entries(fieldsOf(phase.fields["on"]));
  const path = [...phase.path, "on"];
  if (routes.length === 0) return [];
  return [
    ...unknownVerdicts(
      phase,
      routes.map(([said]) => ({ said, path: [...path, said] })),
      { path, at: "key" },
    ),
    ...routes.flatMap(([said, to]) => target(phase, textOf(to), [...path, said], all)),
  ];
};

function target(
  phase: LoosePhase,
  to: string | null,
  path: ConfigPath,
  all: readonly LoosePhase[],
): readonly PhaseFault[] {
  if (to === null || ROUTE_WORDS.some((word) => word === to)) return [];
  const found = all.find(({ key }) => key === to);
  if (found === undefined) {
    const known = [...new Set([...ROUTE_WORDS, ...all.flatMap(({ key }) => key ?? [])])];
    const meant = suggestion(to, known) || `; it may be ${known.join(", ")}`;
    return [{ path, message: `there is no phase ${quoted(to)}${meant}` }];
  }
  if (!besides(phase, all).includes(found))
    return [{ path, message: `leads to ${quoted(to)}, ${ONLY_MERGING}` }];
  if (found.index > phase.index || cyclesOf(found) !== 0) return [];
  const message = `leads back to ${quoted(to)}, whose max_cycles is 0: say there how often it may be played again`;
  return [{ path, message }];
}

const ONLY_MERGING = "which is there only where the project merges: say when: { project: merges } here, too";

export const conditionHolds: PhaseRule = (phase, all) => {
  const { fields, index, path } = phase;
  const { phase: wanted, verdict } = fieldsOf(fields["when"]);
  if (typeof wanted !== "string") return [];
  const at = [...path, "when", "phase"];
  const earlier = all.slice(0, index);
  const found = earlier.find(({ key }) => key === wanted);
  if (found === undefined) {
    const isLater = all.some(({ key }) => key === wanted);
    const names = earlier.flatMap(({ key }) => key ?? []);
    const why = isLater
      ? "is no earlier phase, and what comes later has no verdict yet"
      : `there is no earlier phase ${quoted(wanted)}${suggestion(wanted, names)}`;
    return [{ path: at, message: why }];
  }
  if (!besides(phase, all).includes(found))
    return [{ path: at, message: `names ${quoted(wanted)}, ${ONLY_MERGING}` }];
  // That it is missing, another rule says.
  if (verdict === undefined) return [];
  const several = Array.isArray(verdict);
  const said = [verdict].flat().map((value: unknown, number) => {
    return { said: textOf(value), path: [...path, "when", "verdict", ...(several ? [number] : [])] };
  });
  return unknownVerdicts(found, said, { path: at, at: "value" });
};

export const sessionIsThere: PhaseRule = (phase, all) => {
  const { fields, index, path } = phase;
  const role = textOf(fieldsOf(fields["session"])["of"]);
  const earlier = besides(phase, all).filter((other) => other.index < index);
  const roles = [...new Set(earlier.flatMap((other) => other.role ?? []))];
  if (role === null || roles.includes(role)) return [];
  const message = `no earlier phase is played by the role ${quoted(role)}${suggestion(role, roles)}`;
  return [{ path: [...path, "session", "of"], message }];
};

interface Said {
  /** `null` for what is no text, which the schema refuses. */
  readonly said: string | null;
  readonly path: ConfigPath;
}

/** Verdicts that no artifact of the phase can have; where it does not say which it has, that is the problem. */
function unknownVerdicts(
  { artifact, key }: LoosePhase,
  all: readonly Said[],
  around: Pick<PhaseFault, "path" | "at">,
): readonly PhaseFault[] {
  const known = artifact?.verdicts ?? null;
  const whose = key === null ? "the phase" : `the phase ${quoted(key)}`;
  if (known === null) {
    const message = `${whose} needs an artifact whose schema says which verdicts there are`;
    const example = "properties: { verdict: { enum: [approved, changes_requested] } }, required: [verdict]";
    return [{ ...around, message: `${message}, such as ${example}` }];
  }
  return all.flatMap(({ said, path }): readonly PhaseFault[] => {
    if (said === null || known.includes(said)) return [];
    const names = known.map(quoted).join(", ");
    const meant = suggestion(said, known) || `; it has ${names}`;
    return [{ path, at: "key", message: `the artifact of ${whose} has no verdict ${quoted(said)}${meant}` }];
  });
}
