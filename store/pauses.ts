/**
 * Pauses: of a project and of everything they are holds (`holds.ts`), of a task they stand in its row, and are written
 * by decisions. Here is how the wide ones are put, with what they stop, and which of the tasks are due.
 *
 * Q1. A pause and the stopping of what runs below it are one transaction: no run can be claimed in between, and so none
 *     is left out.
 * Q2. A pause changes one row, however many jobs wait behind it.
 * Q3. Only processes are stopped. What has ended already is published, as it would be without the pause.
 */

import type { PauseScope } from "../workflow/decide/pause.ts";
import { EVERYTHING, type NewWideHold } from "../workflow/hold.ts";
import { runMoves } from "../workflow/states.ts";
import type { Engine } from "./engine/engine.ts";
import { literals } from "./engine/legality.ts";
import { decode } from "./engine/row.ts";
import { putWideHold } from "./holds.ts";

export interface PauseStore {
  /**
   * Puts a pause on a project, or on everything.
   *
   * @param stops whether what runs below it is asked to stop as well
   * @returns how many runs with a process there are below it, all of which are asked then
   */
  put(pause: NewWideHold & { readonly scope: PauseScope }, stops: boolean, now: number): Promise<number>;
  /** Paused tasks whose time has come (ms), the one that has waited longest first, some at a time. */
  due(now: number): Promise<readonly PausedTask[]>;
  /** When the next of them is due (ms), or `null`. */
  nextDue(): Promise<number | null>;
  /** How many tasks are paused by themselves. */
  countTasks(): Promise<number>;
}

export interface PausedTask {
  readonly key: string;
  readonly project: string;
  readonly version: number;
}

/** Resumed in one go. The loop of pauses comes back at once for more. */
const DUE_ROWS_MAX = 100;

const HAS_PROCESS = `status in (${literals(runMoves.sources("exit"))})`;
const STOP_PROJECT = `update runs set stop = 'paused' where ${HAS_PROCESS} and stop is null and project = $1`;
const STOP_ALL = `update runs set stop = 'paused' where ${HAS_PROCESS} and stop is null`;
const COUNT_OF_PROJECT = `select count(*) as running from runs where ${HAS_PROCESS} and project = $1`;
const COUNT_ALL = `select count(*) as running from runs where ${HAS_PROCESS}`;

const DUE = `
select key, project, version from tasks where status = 'paused' and paused_until <= $1
order by paused_until, seq limit ${DUE_ROWS_MAX}`;
const NEXT_DUE =
  "select min(paused_until) as due from tasks where status = 'paused' and paused_until is not null";
const COUNT_TASKS = "select count(*) as paused from tasks where status = 'paused'";

export function pauseStore(engine: Engine): PauseStore {
  return {
    put: async (pause, stops, now) => {
      const ofProject = pause.subject === EVERYTHING ? [] : [pause.subject];
      const [stop, count] =
        pause.subject === EVERYTHING ? [STOP_ALL, COUNT_ALL] : [STOP_PROJECT, COUNT_OF_PROJECT];
      const result = await engine.atomic([
        // Its end may come before any other that the claim loop waits for.
        { ...putWideHold(pause, now), ...(pause.until !== null && { makes: "jobs" as const }) },
        { sql: count, params: ofProject },
        ...(stops ? [{ sql: stop, params: ofProject, makes: "stops" } as const] : []),
      ]);
      const [, [row] = []] = result.kind === "done" ? result.rows : [];
      return row === undefined ? 0 : decode("runs", row).integer("running");
    },
    due: async (now) =>
      (await engine.all(DUE, [now])).map((row) => {
        const { text, integer } = decode("tasks", row);
        return { key: text("key"), project: text("project"), version: integer("version") };
      }),
    nextDue: async () => {
      const [row] = await engine.all(NEXT_DUE, []);
      return row === undefined ? null : decode("tasks", row).integerOrNull("due");
    },
    countTasks: async () => {
      const [row] = await engine.all(COUNT_TASKS, []);
      return row === undefined ? 0 : decode("tasks", row).integer("paused");
    },
  };
}
