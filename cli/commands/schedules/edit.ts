/** `chargehand schedules add|edit|remove`: schedules of windows that are made by hand. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { ON_CLOSE, WINDOW_CONCURRENCY_MAX } from "../../../workflow/windows/schedule.ts";
import { removedShape } from "../../answers/answers.ts";
import { scheduleShape, type ToldSchedule } from "../../answers/schedules.ts";
import { clockText, spanText } from "../../moment.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, dollars, show, wholeNumber } from "../../read.ts";
import type { Screen } from "../../table.ts";
import { daysFrom } from "./days.ts";
import { named, pathOf } from "./named.ts";
import { standing } from "./window-text.ts";

interface ScheduleOptions extends AskOptions {
  readonly start?: string;
  readonly for?: string;
  readonly days?: readonly string[];
  readonly timezone?: string;
  readonly project?: readonly string[];
  readonly allProjects?: true;
  readonly concurrency?: number | typeof NONE;
  readonly agent?: string;
  readonly model?: string;
  readonly effort?: string;
  readonly permissions?: string;
  readonly onClose?: string;
  readonly crashLimit?: number;
  readonly budgetUsd?: number | typeof NONE;
  readonly budgetTokens?: number | typeof NONE;
  readonly budgetRuns?: number | typeof NONE;
  readonly budgetSpread?: boolean;
  readonly enabled?: true;
  readonly disabled?: true;
}

const COUNT_MAX = 1_000_000_000_000;
/** Takes a setting away. */
const NONE = "none";

export function editCommands(schedules: Command, ports: Ports): void {
  withFields(named(schedules, "add", "make a schedule of windows"), true).action(
    (name: string, options: ScheduleOptions) =>
      show(
        ports,
        options,
        scheduleShape,
        (client) => client.post("/schedules", { name, ...fieldsOf(options) }),
        (made, screen) => told(made, "is made", screen),
      ),
  );
  withFields(named(schedules, "edit", "change one that was made by hand; what is left out stays"), false)
    .option("--enabled", "let it count again")
    .action(async (name: string, options: ScheduleOptions) => {
      const fields = fieldsOf(options);
      if (options.enabled && options.disabled)
        return report(fail(EXIT.usage, "say either --enabled or --disabled, and not both"), ports);
      if (Object.keys(fields).length === 0)
        return report(fail(EXIT.usage, "say what to change", "chargehand schedules edit --help"), ports);
      const edit = { ...fields };
      await show(
        ports,
        options,
        scheduleShape,
        (client) => client.patch(pathOf(name), edit),
        (changed, screen) => told(changed, "is changed", screen),
      );
    });
  named(schedules, "remove", "remove one that was made by hand, with its override").action(
    (name: string, options: AskOptions) =>
      show(
        ports,
        options,
        removedShape,
        (client) => client.remove(pathOf(name)),
        (removed) => `${plain(removed.name)} is removed.\n`,
      ),
  );
}

function withFields(command: Command, isNew: boolean): Command {
  const needed = (option: Option): Option => option.makeOptionMandatory(isNew);
  const clearable = isNew ? "" : `; ${NONE}: as without this schedule`;
  return command
    .addOption(
      needed(new Option("--start <time>", "when its windows open, such as 22:00").argParser(clockText)),
    )
    .addOption(
      needed(
        new Option("--for <span>", "how long they stay open, from 1m to 24h of real time").argParser(
          spanText,
        ),
      ),
    )
    .addOption(needed(new Option("--timezone <zone>", "by whose clock, such as Europe/Berlin or UTC")))
    .option("--days <days>", `such as mon-fri or sat,sun${isNew ? "; without it every day" : ""}`, daysFrom)
    .option("--project <name...>", `its projects${isNew ? "; without it all of them" : ""}`)
    .addOption(new Option("--all-projects", "all that there are").conflicts("project"))
    .option(
      "--concurrency <n>",
      `agents at work on each of its projects, up to ${WINDOW_CONCURRENCY_MAX}${clearable}`,
      orNone(wholeNumber(1, WINDOW_CONCURRENCY_MAX)),
    )
    .option("--agent <name>", `who plays in place of the project's${clearable}`, orNone(String))
    .option("--model <name>", `of agents while it is open${clearable}`, orNone(String))
    .option("--effort <name>", `of agents while it is open${clearable}`, orNone(String))
    .option(
      "--permissions <name>",
      `of agents: full, workspace or read_only${clearable}`,
      orNone(oneOf(["full", "workspace", "read_only"])),
    )
    .addOption(
      new Option("--on-close <what>", "what runs then finishes, or is stopped at no cost").choices(ON_CLOSE),
    )
    .option(
      "--crash-limit <n>",
      "so many crashes in a window close it; 0 for no limit",
      wholeNumber(0, 1_000),
    )
    .option(
      "--budget-usd <amount>",
      `US dollars for all that starts in one opening${clearable}`,
      orNone(dollars),
    )
    .option(
      "--budget-tokens <n>",
      `tokens for all that starts in one opening${clearable}`,
      orNone(wholeNumber(1, COUNT_MAX)),
    )
    .option(
      "--budget-runs <n>",
      `runs that may start in one opening${clearable}`,
      orNone(wholeNumber(1, COUNT_MAX)),
    )
    .option("--budget-spread", "what an opening may use grows while it lasts")
    .option("--no-budget-spread", "all of it may be used from its first minute on")
    .option("--disabled", "as if it were not there");
}

function fieldsOf(options: ScheduleOptions): Readonly<Record<string, unknown>> {
  const { start, days, timezone, concurrency, enabled, disabled } = options;
  const { agent, model, effort, permissions } = options;
  const projects = options.allProjects ? null : options.project;
  const fields = {
    ...{ start, duration: options.for, days, timezone, projects, concurrency },
    ...{ agent, model, effort, permissions },
    budget: budgetOf(options),
    on_close: options.onClose,
    crash_limit: options.crashLimit,
    enabled: disabled ? false : enabled,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, value === NONE ? null : value]));
}

/** Only what is given: in a window that is changed the rest stays. */
function budgetOf(options: ScheduleOptions): unknown {
  const { budgetUsd: usd, budgetTokens: tokens, budgetRuns: runs, budgetSpread: spread } = options;
  const given = Object.entries({ usd, tokens, runs, spread }).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  return Object.fromEntries(given.map(([unit, value]) => [unit, value === NONE ? null : value]));
}

/** The word stays a word: what a parser answers with `null` commander takes for an empty text. */
function orNone<T>(parse: (text: string) => T): (text: string) => T | typeof NONE {
  return (text) => (text === NONE ? NONE : parse(text));
}

function oneOf(words: readonly string[]): (text: string) => string {
  return (text) => {
    if (words.includes(text)) return text;
    throw new InvalidArgumentError(`It must be one of ${words.join(", ")}.`);
  };
}

function told(schedule: ToldSchedule, what: string, screen: Screen): string {
  return `${plain(schedule.name)} ${what}: ${standing(schedule, screen)}.\n`;
}
