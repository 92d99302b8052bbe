/**
 * Windows in rows: schedules that people made, their overrides, and for each project the stretch of time in which
 * claims may take its jobs.
 *
 * W1. A stretch has two ends and is written ahead: while a project is closed its row holds the next stretch, so that it
 *     opens by time alone. Whatever comes late, a claim goes by the stretch and begins nothing outside of it.
 * W2. The hold that tells why is written with the stretch, in one transaction, and lies on the project: an opening
 *     changes as many rows as there are projects, and none of a job.
 * W3. Whatever is said of schedules is counted, and how projects stand is written only if nothing was said since it was
 *     judged. So a look that was slow, of whichever daemon, undoes no word of a person.
 */

import { FAULTS } from "../../workflow/faults.ts";
import { type Notice, noticeCall } from "../../workflow/outbox.ts";
import type { Crash } from "../../workflow/windows/crashes.ts";
import type { OpenStretch, Standing } from "../../workflow/windows/hold.ts";
import { OVERRIDE_CAUSES, type Override, type Schedule, VERDICTS } from "../../workflow/windows/schedule.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { literals } from "../engine/legality.ts";
import { decode, FAILURES } from "../engine/row.ts";
import { writeNotice } from "../events.ts";
import { putWideHold } from "../holds.ts";
import { forgetOpenings, limitOpening, type OpeningUse, openingUses, UNITS } from "./openings.ts";
import { keepSchedule, readSchedule } from "./schedules.ts";

export interface WindowStore {
  /** How often something was said of schedules by hand: made, changed, removed, opened, closed or cleared (W3). */
  said(): Promise<number>;
  /** Made by hand, by name. */
  schedules(): Promise<readonly Schedule[]>;
  /** Makes one, or writes what it has become. */
  keep(schedule: Schedule): Promise<void>;
  /** Takes one away with its override; false when there was none. */
  remove(name: string): Promise<boolean>;
  overrides(): Promise<readonly Override[]>;
  /** The last word counts. */
  override(override: Override): Promise<void>;
  /**
   * The override of a crash limit, and with it the notice that tells a person.
   *
   * @param key of the opening; of one that was told of already the override alone is written
   * @param asOf how often something was said when this was judged; false when that is more by now, and nothing is
   *   written. This is said, too
   */
  closeForCrashes(override: Override, key: string, notice: Notice, asOf: number): Promise<boolean>;
  /** False when there was none. @param asOf given, false as well when more was said by now */
  clearOverride(schedule: string, asOf?: number): Promise<boolean>;
  /** Runs that crashed since an instant, as the table of faults counts them; the newest thousand. */
  crashes(since: number): Promise<readonly Crash[]>;
  /** What openings with a budget have used. */
  openings(): Promise<readonly OpeningUse[]>;
  /** The stretches as they stand in the rows of configured projects. */
  stretches(): Promise<ReadonlyMap<string, OpenStretch | null>>;
  /**
   * Writes how projects stand now.
   *
   * @param asOf how often something was said when this was judged; false when that is more by now, and nothing is
   *   written
   */
  stand(standings: readonly Standing[], now: number, asOf: number): Promise<boolean>;
}

/** Far beyond every limit that a schedule may have. */
const CRASHES_MAX = 1_000;

/** W3. Of any number of writers each waits here for the one before it, and then sees what that has said. */
const SAID = "select value from counters where kind = 'windows' and name = 'said'";
const SAY = `
insert into counters (kind, name, value) values ('windows', 'said', 1)
on conflict (kind, name) do update set value = counters.value + 1`;
const UNLESS_SAID = `
insert into counters (kind, name, value) values ('windows', 'said', $1)
on conflict (kind, name) do update set value = excluded.value where counters.value = excluded.value`;

const SCHEDULES = "select * from schedules order by name";
const REMOVE = "delete from schedules where name = $1 returning name";

const OVERRIDES = "select * from overrides order by schedule";
const OVERRIDE = `
insert into overrides (schedule, verdict, cause, since, until, said_by, reason) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (schedule) do update set verdict = excluded.verdict, cause = excluded.cause, since = excluded.since,
  until = excluded.until, said_by = excluded.said_by, reason = excluded.reason`;
const CLEAR_OVERRIDE = "delete from overrides where schedule = $1 returning schedule";

const CRASHES = `
select project, finished_at from runs
where failure in (${literals(FAILURES.filter((failure) => FAULTS[failure].isCrash === true))}) and finished_at >= $1
order by finished_at desc limit ${CRASHES_MAX}`;

const STRETCHES = `
select p.name, p.open_from, p.open_until, p.open_slots, p.open_agent, p.opening, o.unit, o.amount, o.until as opening_until,
  o.spread_from
from projects as p left join openings as o on o.opening = p.opening where p.configured = 1 order by p.name, o.unit`;
const STRETCH =
  "update projects set open_from = $2, open_until = $3, open_slots = $4, open_agent = $5, opening = $6 where name = $1";
/** The kinds that this noun puts on projects, but for the one that holds now. */
const FREE = `
delete from wide_holds
where scope = 'project' and subject = $1 and kind in ('window', 'crash_limit', 'pace') and kind <> $2`;

/** Whether a project's row lets claims take its jobs at an instant; an expression. */
export function isOpen(row: string, now: string): string {
  return `(${row}.open_until is null or (${row}.open_from <= ${now} and ${now} < ${row}.open_until))`;
}

export function windowStore(engine: Engine): WindowStore {
  return {
    said: async () => {
      const [row] = await engine.all(SAID, []);
      return row === undefined ? 0 : decode("counters", row).integer("value");
    },
    schedules: async () => (await engine.all(SCHEDULES, [])).map(readSchedule),
    keep: async (schedule) => {
      await engine.atomic([say(), keepSchedule(schedule)]);
    },
    remove: async (name) => {
      const result = await engine.atomic([
        say(),
        { sql: REMOVE, params: [name], makes: "windows" },
        { sql: CLEAR_OVERRIDE, params: [name] },
      ]);
      return result.kind === "done" && (result.rows[1] ?? []).length > 0;
    },
    overrides: async () => (await engine.all(OVERRIDES, [])).map(readOverride),
    override: async (override) => {
      await engine.atomic([say(), putOverride(override)]);
    },
    closeForCrashes: async (override, key, notice, asOf) => {
      const { kind, message, reason, remedy } = notice;
      const event = { kind, key, data: { message, reason, remedy } };
      const subject = { kind: "schedule", name: override.schedule } as const;
      const told = writeNotice(subject, event, [noticeCall(notice)], override.since);
      const closing = [unlessSaid(asOf), say(), putOverride(override)];
      const result = await engine.atomic([...closing, ...told]);
      if (result.kind === "done" || result.statement === 0) return result.kind === "done";
      return (await engine.atomic(closing)).kind === "done";
    },
    clearOverride: async (schedule, asOf) => {
      const clear: Statement = { sql: CLEAR_OVERRIDE, params: [schedule], makes: "windows" };
      const result = await engine.atomic([clear, ...(asOf === undefined ? [] : [unlessSaid(asOf)]), say()]);
      return result.kind === "done" && (result.rows[0] ?? []).length > 0;
    },
    crashes: async (since) => (await engine.all(CRASHES, [since])).map(readCrash),
    openings: () => openingUses(engine),
    stretches: async () => readStretches(await engine.all(STRETCHES, [])),
    stand: async (standings, now, asOf) => {
      if (standings.length === 0) return true;
      const standing = standings.flatMap((one) => standAs(one, now));
      const result = await engine.atomic([unlessSaid(asOf), ...standing, forgetOpenings(now)]);
      return result.kind === "done";
    },
  };
}

function say(): Statement {
  return { sql: SAY, params: [] };
}

function unlessSaid(asOf: number): Statement {
  return { sql: UNLESS_SAID, params: [asOf], expect: 1 };
}

function putOverride({ schedule, verdict, cause, since, until, by, reason }: Override): Statement {
  const params = [schedule, verdict, cause, since, until, by, reason];
  return { sql: OVERRIDE, params, makes: "windows" };
}

function standAs({ project, stretch, hold }: Standing, now: number): readonly Statement[] {
  const params = [
    project,
    stretch?.from ?? null,
    stretch?.until ?? null,
    stretch?.slots ?? null,
    stretch?.agent ?? null,
  ];
  const opening = stretch?.opening ?? null;
  return [
    ...(opening === null ? [] : limitOpening(opening)),
    { sql: STRETCH, params: [...params, opening?.key ?? null], makes: "jobs" },
    { sql: FREE, params: [project, hold?.kind ?? ""], makes: "jobs" },
    ...(hold === null ? [] : [putWideHold(hold, now)]),
  ];
}

function readOverride(row: Row): Override {
  const { text, textOrNull, integer, status } = decode("overrides", row);
  return {
    schedule: text("schedule"),
    verdict: status("verdict", VERDICTS),
    cause: status("cause", OVERRIDE_CAUSES),
    since: integer("since"),
    until: integer("until"),
    by: text("said_by"),
    reason: textOrNull("reason"),
  };
}

function readCrash(row: Row): Crash {
  const { text, integer } = decode("runs", row);
  return { project: text("project"), at: integer("finished_at") };
}

/** A row per limit of an opening, or one of a project without. */
function readStretches(rows: readonly Row[]): ReadonlyMap<string, OpenStretch | null> {
  const stretches = new Map<string, OpenStretch | null>();
  for (const row of rows) {
    const { text } = decode("projects", row);
    const [name, stretch] = [text("name"), readStretch(row)];
    const before = stretches.get(name)?.opening?.limits ?? [];
    const opening = stretch?.opening ?? null;
    if (stretch === null || opening === null) stretches.set(name, stretch);
    else stretches.set(name, { ...stretch, opening: { ...opening, limits: [...before, ...opening.limits] } });
  }
  return stretches;
}

function readStretch(row: Row): OpenStretch | null {
  const { textOrNull, integer, integerOrNull, status } = decode("projects", row);
  const columns = ["open_from", "open_until", "open_slots"].map(integerOrNull);
  const [from = null, until = null, slots = null] = columns;
  if (from === null || until === null || slots === null) return null;
  const [key, agent] = [textOrNull("opening"), textOrNull("open_agent")];
  if (key === null || textOrNull("unit") === null) return { from, until, slots, agent, opening: null };
  const limits = [{ unit: status("unit", UNITS), amount: integer("amount") }];
  const opening = { key, limits, spreadFrom: integerOrNull("spread_from"), until: integer("opening_until") };
  return { from, until, slots, agent, opening };
}
