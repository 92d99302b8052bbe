/**
 * What a schedule wants of the agents of its projects and they cannot be told, and budgets below which none would ever
 * start. Such a schedule is refused in the same words whether it stands in the file or is made by hand. Pure.
 */

import type { Schedule } from "../workflow/windows/schedule.ts";
import { findBackend } from "./registry.ts";

/** What is asked of a schedule; whatever is not said is `undefined` or `null`. */
export interface AskedSettings {
  /** Name of the profile that plays in place of the projects' own. */
  readonly agent: unknown;
  readonly model: unknown;
  readonly effort: unknown;
  readonly permissions: unknown;
  readonly budget: Pick<Schedule, "budget">["budget"];
}

/** A project of the schedule: who plays it, and what every run of it reserves. */
export interface PlayedProject {
  readonly name: string;
  readonly agent: unknown;
  /** Dollars are notional. */
  readonly isNotional: boolean;
  readonly runLimits: Pick<Schedule, "budget">["budget"];
}

export interface SettingTrouble {
  /** The key that is wrong, from the schedule on: `model`, `budget.usd`. */
  readonly path: readonly string[];
  readonly message: string;
}

/** @param backends by name of their profile; of an unknown profile nothing is said */
export function settingTroubles(
  asked: AskedSettings,
  projects: readonly PlayedProject[],
  backends: ReadonlyMap<string, unknown>,
): readonly SettingTrouble[] {
  const set = (["model", "effort", "permissions"] as const).filter((key) => (asked[key] ?? null) !== null);
  return [
    ...set.flatMap((key) => effectTrouble(key, asked.agent, projects, backends)),
    ...projects.flatMap((project) => budgetTroubles(asked, project)),
  ];
}

/** What the agents of its projects cannot be told is refused instead of having no effect. */
function effectTrouble(
  key: string,
  chosen: unknown,
  projects: readonly PlayedProject[],
  backends: ReadonlyMap<string, unknown>,
): readonly SettingTrouble[] {
  const players =
    typeof chosen === "string"
      ? [{ agent: chosen, of: "" }]
      : projects.map(({ name, agent }) => ({ agent: String(agent), of: ` of project ${name}` }));
  for (const { agent, of } of players) {
    const lack = lackOf(backends.get(agent), key);
    if (lack !== null) return [{ path: [key], message: `has no effect on agent ${agent}${of}: ${lack}` }];
  }
  return [];
}

/** Why a backend cannot be told something, or `null`. */
export function lackOf(name: unknown, key: string): string | null {
  const backend = typeof name === "string" ? findBackend(name) : undefined;
  if (backend === undefined) return null;
  if (backend.commandLine === "given") return "a command agent has its whole command in argv";
  return Object.entries(backend.lacks ?? {}).find(([lacking]) => lacking === key)?.[1] ?? null;
}

/**
 * A run reserves all that it may take, so an opening with less than that would start none; and money may be notional.
 */
function budgetTroubles({ budget }: AskedSettings, project: PlayedProject): readonly SettingTrouble[] {
  const told = `of project ${project.name}`;
  return budget.flatMap(({ unit, amount }): readonly SettingTrouble[] => {
    const key = unit === "nanos" ? "usd" : unit;
    const path = ["budget", key];
    if (unit === "nanos" && project.isNotional)
      return [{ path, message: `is no limit ${told}, whose budget is in mode subscription` }];
    const run = project.runLimits.find((limit) => limit.unit === unit)?.amount ?? 0;
    if (amount >= run) return [];
    return [
      {
        path,
        message: `is less than run_${key} ${told}, which every run reserves, so none would ever start`,
      },
    ];
  });
}
