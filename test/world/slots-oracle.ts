/** What must be true of the slots of recurring tasks, whatever strikes: its own books, and its own count of hours. */

import type { Engine, Row } from "../../store/engine/engine.ts";
import { SLOT_GRACE_MS } from "../../workflow/limits.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import { Broken } from "./oracle.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** From a slot to its task, where nothing strikes: a nap of the loop, and a disk that takes its time. */
const PROMPT_MS = 2 * MINUTE;

interface Seen {
  readonly at: number;
  readonly status: string;
  readonly task: string | null;
  readonly reason: string;
  readonly settledAt: number;
}

export class SlotChecks {
  readonly #engine: Engine;
  readonly #schedules: readonly RecurringTask[];
  /** From where on every slot is accounted for. */
  readonly #countedFrom: Map<string, number> = new Map();
  readonly #fired: Map<string, string> = new Map();
  #latest = 0;
  #latestBeforeQuiet = 0;

  constructor(engine: Engine, schedules: readonly RecurringTask[]) {
    this.#engine = engine;
    this.#schedules = schedules;
  }

  /** The clock on the wall, after each step. */
  see(wall: number): void {
    this.#latest = Math.max(this.#latest, wall);
  }

  /** From now on nothing strikes. */
  quiet(): void {
    this.#latestBeforeQuiet = this.#latest;
  }

  /** After each step that wrote something. */
  async check(): Promise<void> {
    for (const { name, pattern } of this.#schedules) {
      const [state] = await this.#engine.all("select settled_to from recurring where name = $1", [name]);
      if (state === undefined) continue;
      const settledTo = Number(state["settled_to"]);
      const from = Math.min(this.#countedFrom.get(name) ?? settledTo, settledTo);
      this.#countedFrom.set(name, from);
      const rows = await this.#rows(name);
      this.#neverTwice(name, rows);
      for (const at of hours(pattern.cron, from, settledTo))
        if (!rows.some((row) => row.at === at))
          throw new Broken(`I7: ${name} moved past ${iso(at)}, which is not settled`);
      const early = rows.find(({ at }) => at > this.#latest);
      if (early !== undefined) throw new Broken(`I7: ${name} settled ${iso(early.at)} before it came`);
    }
    await this.#noTaskWithoutSlot();
  }

  /** I2: what has fired stays so, as the same task. */
  #neverTwice(name: string, rows: readonly Seen[]): void {
    const now = new Map<string, string>(
      rows.flatMap(({ at, task }) => (task === null ? [] : [[`${name} ${at}`, task] as const])),
    );
    for (const [slot, task] of this.#fired) {
      if (slot.startsWith(`${name} `) && now.get(slot) !== task)
        throw new Broken(`I2: the slot ${slot} fired as ${task}, and now as ${now.get(slot)}`);
    }
    for (const [slot, task] of now) this.#fired.set(slot, task);
  }

  async #noTaskWithoutSlot(): Promise<void> {
    const sql =
      "select key from tasks where not exists (select 1 from recurring_slots where task = tasks.key)";
    const [lost] = await this.#engine.all(sql, []);
    if (lost !== undefined) throw new Broken(`I2: ${lost["key"]} was made, and its slot knows nothing of it`);
  }

  /** When nothing has struck for so long, everything has come in its time, and each policy has given what it owes. */
  async atRest(wall: number, quietMs: number): Promise<{ readonly fired: number; readonly skipped: number }> {
    let [fired, skipped] = [0, 0];
    for (const task of this.#schedules) {
      const rows = await this.#rows(task.name);
      fired += rows.filter(({ status }) => status === "fired").length;
      skipped += rows.filter(({ status }) => status === "skipped").length;
      for (const at of hours(task.pattern.cron, wall - quietMs, wall - task.jitterMs - PROMPT_MS))
        checkPrompt(task, at, rows, at > this.#latestBeforeQuiet);
      for (const [index, row] of rows.entries())
        if (row.reason.includes("missed")) this.#checkMissed(task, rows, index);
    }
    return { fired, skipped };
  }

  #checkMissed({ name, missed }: RecurringTask, rows: readonly Seen[], index: number): void {
    const row = rows[index];
    if (row === undefined) return;
    const what = `I7: ${name} skipped ${iso(row.at)}`;
    if (this.#latest - row.at <= SLOT_GRACE_MS) throw new Broken(`${what}, which was on time`);
    if (missed.kind === "skip" || (missed.kind === "all" && row.settledAt - row.at > missed.maxAgeMs)) return;
    const later = rows.slice(index).filter(({ reason }) => !reason.includes("missed"));
    const owed = later.slice(0, missed.kind === "all" ? missed.max : 1);
    const lost = owed.find(({ status, reason }) => status !== "fired" && !reason.includes("earlier slot"));
    if (owed.length === 0 || lost !== undefined)
      throw new Broken(`${what}, and made up for none of the later ones`);
  }

  async #rows(name: string): Promise<readonly Seen[]> {
    const rows = await this.#engine.all("select * from recurring_slots where schedule = $1 order by at", [
      name,
    ]);
    return rows.map(readSeen);
  }
}

/** @param isNew whether no clock has shown this time before; else it may have been settled when one was ahead */
function checkPrompt(
  { name, jitterMs, overlap }: RecurringTask,
  at: number,
  rows: readonly Seen[],
  isNew: boolean,
): void {
  const row = rows.find((candidate) => candidate.at === at);
  if (row === undefined) throw new Broken(`I7: ${name} has not settled ${iso(at)}, though nothing struck`);
  if (row.status === "skipped" && overlap === "queue")
    throw new Broken(`I7: ${name} skipped ${iso(at)}, though nothing struck: ${row.reason}`);
  if (isNew && row.settledAt - at > jitterMs + PROMPT_MS)
    throw new Broken(`I7: ${name} settled ${iso(at)} late`);
}

function readSeen(row: Row): Seen {
  return {
    at: Number(row["at"]),
    status: String(row["status"]),
    task: row["task"] === null ? null : String(row["task"]),
    reason: String(row["reason"] ?? ""),
    settledAt: Number(row["settled_at"]),
  };
}

/** The slots of `M * * * *` in UTC after `from` and up to `to`. */
function hours(cron: string, from: number, to: number): readonly number[] {
  const minute = Number(cron.split(" ")[0]) * MINUTE;
  const first = Math.floor((from - minute) / HOUR) + 1;
  const last = Math.floor((to - minute) / HOUR);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * HOUR + minute);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
