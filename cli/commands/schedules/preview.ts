/** `chargehand schedules preview`: a week of windows, drawn. */

import type { Command } from "commander";
import { listShape } from "../../answers/answers.ts";
import { scheduleShape, type ToldSchedule, type ToldWeek, weekShape } from "../../answers/schedules.ts";
import { type Client, query } from "../../client.ts";
import { anything, object } from "../../decoder.ts";
import { type Answer, EXIT, fail } from "../../outcome.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, decode, show, withDaemonOptions } from "../../read.ts";
import type { Screen } from "../../table.ts";
import { drawWeek, mondayOf, spanOf } from "../../week.ts";
import { knowsZone } from "../../zone.ts";
import { pathOf } from "./named.ts";

interface PreviewOptions extends AskOptions {
  readonly week?: string;
  readonly project?: string;
  readonly timezone?: string;
}

type Wanted = Pick<PreviewOptions, "week" | "project" | "timezone"> & {
  readonly names: readonly string[];
  readonly now: number;
};

const LIST = listShape("schedules", scheduleShape);

export function previewCommand(schedules: Command, ports: Ports): void {
  withDaemonOptions(schedules.command("preview").argument("[name...]", "only of these schedules"))
    .description("draw a week of windows, a row a day, those that overlap as one")
    .option("--week <week>", "such as 2027-W13; without it, the one of now")
    .option("--project <name>", "only of this project")
    .option("--timezone <zone>", "by its clock; without it, by that of the first of the schedules")
    .action((names: readonly string[], { week, project, timezone, ...options }: PreviewOptions) => {
      const wanted: Wanted = {
        ...{ names, now: ports.clock.now() },
        ...(week !== undefined && { week }),
        ...(project !== undefined && { project }),
        ...(timezone !== undefined && { timezone }),
      };
      return show(
        ports,
        options,
        weekShape,
        (client) => ask(client, wanted),
        (told, screen) => render(told, wanted, screen),
      );
    });
}

/** The windows, and what is needed to draw them. */
async function ask(client: Client, wanted: Wanted): Promise<Answer<unknown>> {
  const { week, project, names, now } = wanted;
  const listed = await client.get("/schedules");
  const known = listed.kind === "failed" ? listed : decode(LIST, listed.value);
  if (known.kind === "failed") return known;
  const stranger = names.find((name) => !known.value.items.some((schedule) => schedule.name === name));
  // The daemon says it best: what may have been meant, or that it is a recurring task.
  if (stranger !== undefined) return client.get(pathOf(stranger));
  const drawn = chosen(known.value.items, wanted);
  const timezone = wanted.timezone ?? drawn[0]?.timezone ?? "UTC";
  if (!knowsZone(timezone))
    return fail(EXIT.usage, `there is no time zone ${timezone}`, "such as Europe/Berlin, or UTC");
  const monday = mondayOf(week, now, timezone);
  if (monday === null) return fail(EXIT.usage, `${week} is no week of a year`, "such as 2027-W13");
  const [from, until] = Object.values(spanOf(monday, timezone)).map((at) => new Date(at).toISOString());
  const opened = await client.get(`/windows${query({ project, from, until })}`);
  const windows = opened.kind === "failed" ? opened : decode(WINDOWS, opened.value);
  if (windows.kind === "failed") return windows;
  return {
    kind: "ok",
    value: {
      ...{ timezone, monday: new Date(monday).toISOString().slice(0, 10), from, until },
      schedules: drawn.map(({ name, enabled }) => ({ name, enabled })),
      windows: windows.value.items.filter(({ schedule }) => drawn.some(({ name }) => name === schedule)),
    },
  };
}

const WINDOWS = listShape("windows", object({ schedule: anything, from: anything, until: anything }));

/** In the order in which they were named. */
function chosen(all: readonly ToldSchedule[], { names, project }: Wanted): readonly ToldSchedule[] {
  const named = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  return named
    .filter(({ projects }) => project === undefined || !projects || projects.includes(project))
    .toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
}

function render(told: ToldWeek, { names, project }: Wanted, { now }: Screen): string {
  const { timezone, monday, schedules, windows } = told;
  const counting = schedules.filter(({ enabled }) => enabled !== false);
  if (counting.length === 0 && names.length === 0) {
    const whose = project === undefined ? "" : ` of ${plain(project)}`;
    const what =
      schedules.length === 0 ? `There is no schedule${whose}` : `Every schedule${whose} is disabled`;
    return `${what}, so work may start at any time.\n`;
  }
  if (schedules.length === 0) return `None of these schedules is of ${plain(project ?? "")}.\n`;
  return drawWeek({
    ...{ timezone, now, monday: Date.parse(monday) },
    names: schedules.map(({ name, enabled }) => `${plain(name)}${enabled === false ? " (disabled)" : ""}`),
    spans: windows.map(({ from, until }) => ({ from: Date.parse(from), until: Date.parse(until) })),
  });
}
