/** Windows: whether work on each project may start now, or when it may, by the configuration alone. */

import { createTimelines } from "../../../scheduler/timelines.ts";
import { judge, type Verdict } from "../../../workflow/windows/judge.ts";
import { localTime } from "../../moment.ts";
import { type Check, type Finding, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";

/** What a person has opened or closed by hand, and schedules that were added by command, `chargehand status` tells. */
export function scheduleChecks({ config, clock }: Place): readonly Check[] {
  const { schedules, projects } = config;
  if (schedules.length === 0) return [];
  const timelines = createTimelines();
  return projects.map(({ name: project, concurrency }): Check => {
    const look = async (): Promise<readonly Finding[]> => {
      const now = clock.now();
      const overrides = new Map();
      const lines = timelines.of({ schedules, overrides }, now);
      return judgeWindows(judge({ project, concurrency, overrides, now, timelines: lines }));
    };
    return { area: "schedules", about: project, isForStart: false, look };
  });
}

export function judgeWindows(verdict: Verdict): readonly Finding[] {
  switch (verdict.kind) {
    case "always":
      return [];
    case "open":
      return [ok(`work may start, until ${time(verdict.until)}`)];
    case "closed":
      if (verdict.next !== null) return [ok(`work may start from ${time(verdict.next.from)}`)];
      return [warn("no window opens any more", "correct its schedules, or: chargehand schedules open NAME")];
    default:
      return verdict satisfies never;
  }
}

function time(at: number): string {
  return localTime(new Date(at).toISOString());
}
