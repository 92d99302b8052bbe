/** Commands about one schedule, and its place in the API. */

import type { Command } from "commander";
import { segment } from "../../client.ts";
import { withDaemonOptions } from "../../read.ts";

export function named(schedules: Command, verb: string, description: string): Command {
  const command = schedules.command(verb).argument("<name>", "name of the schedule");
  return withDaemonOptions(command).description(description);
}

/** Behind `/api/v1`. */
export function pathOf(name: string): string {
  return `/schedules/${segment(name)}`;
}
