/**
 * Windows against a slow reference: whether one is open, until when, and when the next one opens.
 *
 * By default some zones and some thousand cases; `SCHEDULES_REFERENCE=full` tries 200,000 over every zone of IANA, and
 * walks through every transition of the named zones.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { byProject, closesAt, createTimelines } from "../../scheduler/timelines.ts";
import { judge } from "../../workflow/windows/judge.ts";
import { type Override, type Schedule, WEEKDAYS } from "../../workflow/windows/schedule.ts";
import { schedule as scheduleLike } from "../workflow/windows/schedules.ts";
import { DAY, hours, readZone, startsAround, startsByWalking, type Zone } from "./reference.ts";

const IS_FULL = process.env["SCHEDULES_REFERENCE"] === "full";
const CASES = IS_FULL ? 200_000 : 2_000;
const MINUTE = 60_000;
const FROM = Date.UTC(2020, 0, 1);
const TO = Date.UTC(2037, 11, 31);

const NAMED = [
  ...["Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "Africa/Cairo", "America/Havana"],
  ...["Antarctica/Troll", "Pacific/Apia", "America/Nuuk", "America/Scoresbysund", "Europe/Berlin"],
  ...["Europe/Kyiv", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Asia/Tehran", "Asia/Kathmandu"],
  ...["Asia/Gaza", "Pacific/Chatham", "America/Asuncion", "UTC"],
];

/** Around edges, by a millisecond. */
const JITTER = [0, 0, -1, 1, 30_000];

/** The same numbers for the same seed. */
function lottery(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function drawSchedule(draw: (below: number) => number, timezone: string, name: string): Schedule {
  const minute = draw(3) === 0 ? draw(1_440) : draw(4) === 0 ? 1_380 + draw(60) : draw(8) * 30;
  const days = WEEKDAYS.filter(() => draw(3) > 0);
  const durationMs = (draw(5) === 0 ? 1_440 : 1 + draw(1_440)) * MINUTE;
  const two = (value: number): string => String(value).padStart(2, "0");
  const start = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  return scheduleLike({ name, timezone, start, durationMs, days: days.length === 0 ? ["wed"] : days });
}

const minutesOf = (start: string): number => Number(start.slice(0, 2)) * 60 + Number(start.slice(3));

interface Expected {
  readonly isOpen: boolean;
  /** When that ends: it closes, or opens; `null` beyond what was looked at. */
  readonly changes: number | null;
}

/** By looking at all openings of nine days on each side. */
function expected(
  zones: ReadonlyMap<string, Zone>,
  schedules: readonly Schedule[],
  override: Override | undefined,
  now: number,
): Expected {
  const spans = schedules.flatMap((schedule) => {
    const zone = zones.get(schedule.timezone);
    if (zone === undefined) throw new Error(schedule.timezone);
    const times = { start: minutesOf(schedule.start), days: schedule.days };
    const all = startsAround(zone, times, now, 9).map((from) => [from, from + schedule.durationMs] as const);
    if (override?.schedule !== schedule.name || now >= override.until) return all;
    const rest = all.flatMap(([from, until]) =>
      until > override.until ? [[Math.max(from, override.until), until] as const] : [],
    );
    return override.verdict === "open" ? [[now, override.until] as const, ...rest] : rest;
  });
  const isAt = (at: number): boolean => spans.some(([from, until]) => from <= at && at < until);
  const isOpen = isAt(now);
  const edges = spans.flat().filter((edge) => edge > now && edge < now + 7 * DAY);
  const changes = edges.toSorted((one, other) => one - other).find((edge) => isAt(edge) !== isOpen);
  return { isOpen, changes: changes ?? null };
}

function zonesFor(names: readonly string[]): ReadonlyMap<string, Zone> {
  return new Map(names.map((name) => [name, readZone(name, FROM - 20 * DAY, TO + 20 * DAY)]));
}

test(`windows are those of the reference in ${CASES} random cases`, () => {
  const names = IS_FULL ? [...new Set([...NAMED, ...Intl.supportedValuesOf("timeZone")])] : NAMED;
  const zones = zonesFor(names);
  const draw = lottery(20_270_328);
  const timelines = createTimelines();
  for (let index = 0; index < CASES; index++) {
    const count = 1 + draw(3);
    const schedules = Array.from({ length: count }, (_, number) =>
      drawSchedule(draw, names[draw(names.length)] ?? "UTC", `s${number}`),
    );
    const transitions = zones.get(schedules[0]?.timezone ?? "UTC")?.transitions ?? [];
    const near = transitions[draw(Math.max(1, transitions.length))]?.at;
    const now =
      near === undefined || draw(3) === 0
        ? FROM + draw((TO - FROM) / 1_000) * 1_000
        : near - 2 * DAY + draw(4 * 1_440) * MINUTE + (JITTER[draw(JITTER.length)] ?? 0);
    const until = now + (1 + draw(3 * 1_440)) * MINUTE;
    const override: Override | undefined =
      draw(3) > 0
        ? undefined
        : {
            ...{ schedule: "s0", verdict: draw(2) === 0 ? "open" : "closed", since: now - draw(90) * MINUTE },
            ...{ until, by: "test", cause: "person", reason: null },
          };
    const overrides = new Map(override === undefined ? [] : [[override.schedule, override]]);
    const known = { schedules, overrides };
    const verdict = judge({
      ...{ project: "shop", concurrency: 1, overrides, now },
      timelines: timelines.of(known, now),
    });
    const { isOpen, changes } = expected(zones, schedules, override, now);
    const about = JSON.stringify({ schedules, override, now: new Date(now).toISOString() });
    assert.equal(verdict.kind, isOpen ? "open" : "closed", about);
    const told =
      verdict.kind === "open"
        ? closesAt(timelines, known, "shop", verdict)
        : verdict.kind === "closed" && verdict.next !== null
          ? verdict.next.from
          : null;
    if (changes !== null) assert.equal(told, changes, about);
    else assert.ok(told === null || told >= now + 7 * DAY, about);
  }
});

test("windows begin when a walk over every minute of the local clock says so, through the changes of 20 zones", () => {
  const years = IS_FULL ? [FROM, TO] : [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)];
  let walked = 0;
  for (const zone of NAMED) {
    const { transitions } = readZone(zone, years[0] ?? FROM, years[1] ?? TO);
    for (const { at } of transitions) {
      walked += 1;
      const from = at - hours(30);
      const walk = startsByWalking(zone, from, at + hours(30));
      for (let start = 0; start < 1_440; start += start % 60 === 0 ? 15 : 45) {
        const days = WEEKDAYS;
        const like = scheduleLike({
          timezone: zone,
          start: `${String(Math.floor(start / 60)).padStart(2, "0")}:${String(start % 60).padStart(2, "0")}`,
          days,
        });
        const timelines = createTimelines();
        const found: number[] = [];
        // From one start to the next, as the daemon goes.
        for (let now = at - hours(26); now < at + hours(26); ) {
          const [line] = timelines.of({ schedules: [like], overrides: new Map() }, now);
          const next = line?.starts.find((one) => one > now) ?? Number.POSITIVE_INFINITY;
          if (next < at + hours(26)) found.push(next);
          now = next;
        }
        const expectedStarts = walk({ start, days }).filter(
          (one) => one > at - hours(26) && one < at + hours(26),
        );
        assert.deepEqual(found, expectedStarts, `${zone} ${like.start} around ${new Date(at).toISOString()}`);
      }
    }
  }
  assert.ok(walked >= 15, `only ${walked} transitions`);
});

test("whoever looks up very many schedules lets others have a turn, and once, and of what is in force", async () => {
  const timelines = createTimelines();
  const schedules = Array.from({ length: 120 }, (_, index) => {
    const start = `${String(index % 24).padStart(2, "0")}:${String(index % 60).padStart(2, "0")}`;
    return scheduleLike({ name: `s${index}`, start, enabled: index % 6 > 0 });
  });
  let turns = 0;
  const prepare = (now: number): Promise<boolean> =>
    timelines.prepare(schedules, now, async () => {
      turns += 1;
    });
  assert.ok(await prepare(FROM));
  assert.equal(turns, 4, "100 of them are in force");
  assert.ok(!(await prepare(FROM)));
  assert.equal(turns, 4);
  const overrides = new Map();
  assert.deepEqual(
    timelines.of({ schedules, overrides }, FROM),
    createTimelines().of({ schedules, overrides }, FROM),
  );
  await prepare(FROM + DAY);
  assert.equal(turns, 8, "after a day there are others");
});

test("of the timelines each project is given those that concern it, in their order", () => {
  const names = [["shop"], null, ["other", "shop"], ["gone"]];
  const schedules = names.map((projects, index) => scheduleLike({ name: `s${index}`, projects }));
  const lines = createTimelines().of({ schedules, overrides: new Map() }, FROM);
  const found = [...byProject(lines, ["shop", "other", "idle"])];
  assert.deepEqual(
    found.map(([project, own]) => [project, ...own.map(({ schedule }) => schedule.name)]),
    [
      ["shop", "s0", "s1", "s2"],
      ["other", "s1", "s2"],
      ["idle", "s1"],
    ],
  );
});
