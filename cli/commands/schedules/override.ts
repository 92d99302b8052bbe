/** `chargehand schedules open|close|clear`: the word of a person, over the times of a schedule. */

import type { Command } from "commander";
import { scheduleShape, type ToldSchedule } from "../../answers/schedules.ts";
import { clockOrTimeAhead, localTime, spanText } from "../../moment.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import { ago, plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, show } from "../../read.ts";
import type { Screen } from "../../table.ts";
import { named, pathOf } from "./named.ts";
import { standing } from "./window-text.ts";

interface OverrideOptions extends AskOptions {
  readonly for?: string;
  readonly until?: string;
  readonly because?: string;
}

export function overrideCommands(schedules: Command, ports: Ports): void {
  overriding(schedules, "open", "open one by hand, whatever its times say", ports);
  overriding(schedules, "close", "close one by hand, whatever its times say", ports);
  named(schedules, "clear", "let one go by its times again, or lift its crash limit").action(
    (name: string, options: AskOptions) =>
      show(
        ports,
        options,
        scheduleShape,
        (client) => client.remove(`${pathOf(name)}/override`),
        renderCleared,
      ),
  );
}

/** Without an end it lasts until the schedule would change by itself. */
function overriding(schedules: Command, verb: "open" | "close", description: string, ports: Ports): void {
  named(schedules, verb, description)
    .option("--for <span>", "how long, such as 45m or 2h", spanText)
    .option(
      "--until <time>",
      "07:00 by the clock of its zone, or such as 2026-12-01 07:00",
      clockOrTimeAhead(ports.clock.now),
    )
    .option("--because <sentence>", "why, for everybody who asks")
    .addHelpText("after", "\nWithout --for and --until it lasts until the schedule would change by itself.")
    .action(async (name: string, { for: length, until, because, ...options }: OverrideOptions) => {
      if (length !== undefined && until !== undefined)
        return report(
          fail(EXIT.usage, "say when it ends with --until or with --for, and not with both"),
          ports,
        );
      const by = ports.env["USER"] || ports.env["LOGNAME"];
      const body = {
        verdict: verb === "open" ? "open" : "closed",
        ...(length !== undefined && { for: length }),
        ...(until !== undefined && { until }),
        ...(by && { by }),
        ...(because !== undefined && { reason: because }),
      };
      await show(
        ports,
        options,
        scheduleShape,
        (client) => client.post(`${pathOf(name)}/override`, body),
        renderSaid,
      );
    });
}

function renderSaid({ name, open, override }: ToldSchedule, { now }: Screen): string {
  const shown = plain(name);
  const until = override ? ` until ${localTime(override.until)} (${ago(override.until, now)})` : "";
  return `${shown} is ${open ? "open" : "closed"}${until}. By its times again with: chargehand schedules clear ${shown}\n`;
}

/** One that a crash limit had closed is open by hand afterwards, so that crashes are counted anew. */
function renderCleared(schedule: ToldSchedule, screen: Screen): string {
  const how = standing(schedule, screen);
  if (schedule.override) return `The crash limit of ${plain(schedule.name)} is lifted: ${how}.\n`;
  return `${plain(schedule.name)} goes by its times again: ${how}.\n`;
}
