/** `chargehand schedules list`: windows and recurring tasks, each in a table. */

import type { Command } from "commander";
import { schedulesShape, type ToldSchedules } from "../../answers/schedules.ts";
import type { Client } from "../../client.ts";
import { anything, recordOf } from "../../decoder.ts";
import type { Answer } from "../../outcome.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, decode, show, withDaemonOptions } from "../../read.ts";
import type { Screen } from "../../table.ts";
import { recurringTable } from "./recurring.ts";
import { scheduleTable } from "./window-text.ts";

export function listCommand(schedules: Command, ports: Ports): void {
  withDaemonOptions(
    schedules
      .command("list", { isDefault: true })
      .description("list windows and how they stand, and recurring tasks (default)"),
  ).action((options: AskOptions) => show(ports, options, schedulesShape, askBoth, renderBoth));
}

/** One document of both. */
async function askBoth(client: Client): Promise<Answer<unknown>> {
  const both: Record<string, unknown> = {};
  for (const path of ["/schedules", "/recurring"]) {
    const asked = await client.get(path);
    const answer = asked.kind === "failed" ? asked : decode(recordOf(anything), asked.value);
    if (answer.kind === "failed") return answer;
    Object.assign(both, answer.value);
  }
  return { kind: "ok", value: both };
}

function renderBoth({ schedules, recurring }: ToldSchedules, screen: Screen): string {
  const tables = [
    schedules.length === 0
      ? "There is no schedule of windows, so work may start at any time.\n"
      : scheduleTable(schedules, screen),
    ...(recurring.length === 0 ? [] : [recurringTable(recurring, screen)]),
  ];
  return tables.join("\n");
}
