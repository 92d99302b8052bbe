/**
 * The windows of the whole daemon's world, in a part of its histories: one that is open at first and stops what runs
 * when it closes, a break, and one that is open until everything is done. Where they are hard to tell is
 * `windows/simulate.ts`; here it is what a close does to agents, their sessions and their work.
 */

import type { Engine } from "../../store/engine/engine.ts";
import type { Schedule } from "../../workflow/windows/schedule.ts";
import { schedule } from "../workflow/windows/schedules.ts";
import { Broken } from "./oracle.ts";
import { EPOCH, type World } from "./world.ts";

const MINUTE = 60_000;

interface Shift {
  readonly from: number;
  readonly until: number;
}

export interface Shifts {
  /** None where the project is always open. */
  readonly schedules: readonly Schedule[];
  readonly open: readonly Shift[];
}

export function drawShifts({ prng }: World): Shifts {
  if (!prng.chance(1, 3)) return { schedules: [], open: [] };
  const midnight = Math.floor(EPOCH / (24 * 60 * MINUTE)) * 24 * 60 * MINUTE;
  const began = Math.floor((EPOCH - midnight) / MINUTE);
  const [early, late] = [began - 5, began + 15 + prng.below(5)];
  const [first, second] = [5 + 4 + prng.below(8), 12 * 60];
  const draw = (name: string, start: number, minutes: number, onClose: "stop" | "drain"): Schedule =>
    schedule({ name, start: clockOf(start), durationMs: minutes * MINUTE, onClose, crashLimit: 0 });
  const shift = (start: number, minutes: number): Shift => {
    const from = midnight + start * MINUTE;
    return { from, until: from + minutes * MINUTE };
  };
  return {
    schedules: [
      draw("first", early, first, prng.chance(2, 3) ? "stop" : "drain"),
      draw("second", late, second, "drain"),
    ],
    open: [shift(early, first), shift(late, second)],
  };
}

function clockOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

/** Nothing is claimed in a break. */
export class ShiftChecks {
  readonly #engine: Engine;
  readonly #open: readonly Shift[];
  #checked = 0;

  constructor(engine: Engine, { open }: Shifts) {
    this.#engine = engine;
    this.#open = open;
  }

  async check(): Promise<void> {
    if (this.#open.length === 0) return;
    for (const row of await this.#engine.all(NEW_RUNS, [this.#checked])) {
      this.#checked = Number(row["seq"]);
      const at = Number(row["claimed_at"]);
      if (!this.#open.some(({ from, until }) => from <= at && at < until))
        throw new Broken(`run ${row["id"]} was claimed ${at - EPOCH} ms in, outside every window`);
    }
  }
}

const NEW_RUNS = "select seq, id, claimed_at from runs where seq > $1 order by seq";
