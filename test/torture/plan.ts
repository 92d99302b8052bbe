/**
 * What happens in one cycle of the torture, drawn from a seed: what is sent, how agents behave, what strikes and when.
 * Pure, so that the same seed and cycle give the same plan; when exactly a fault meets a process stays real timing.
 *
 * Which of the living runs is struck is drawn as a number, and taken modulo how many there are at that moment.
 */

import { Prng } from "../world/world.ts";

/** Every kind of fault; each cycle begins with the next of them, so that a few dozen cycles see them all. */
const FAULTS = [
  "kill_daemon",
  "kill_agent",
  "freeze_daemon",
  "kill_launcher",
  "reuse_pids",
  "stop_daemon",
  "fill_disk",
  "kill_group",
  "freeze_agent",
  "kill_both",
  "second_daemon",
  "cancel_task",
  "kill_young_daemon",
  "freeze_launcher",
  "retry_task",
  "kill_git",
  "kill_publisher",
] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** It strikes at the next such line of the daemon's log (or when that keeps away too long); `null`: at once. */
  readonly on: string | null;
  /** How long after that, in ms. */
  readonly afterMs: number;
  /** How long something stays frozen or full, in ms. */
  readonly spanMs: number;
  /** Chooses among what there is. */
  readonly pick: number;
}

export interface Behaviour {
  readonly steps: number;
  /** Seconds between two steps. */
  readonly pause: number;
  readonly code: number;
  readonly stray: (typeof STRAYS)[number];
  readonly temper: (typeof TEMPERS)[number];
}

export interface Order {
  readonly issue: number;
  /** When it is sent, in ms from the cycle's beginning. */
  readonly afterMs: number;
  /** One per attempt; the last one holds for all further ones. */
  readonly behaviours: readonly Behaviour[];
  /** How often the same delivery is sent, one after the other. */
  readonly copies: number;
  /** Whether the same change also comes as a delivery of another id. */
  readonly echo: boolean;
}

export interface Plan {
  readonly orders: readonly Order[];
  readonly faults: readonly Fault[];
}

/** Moves in the daemon's log between which faults are placed. */
const MOMENTS = ["delivery.processed", "job.claimed", "run.started", "run.finished", null, null] as const;
const STRAYS = ["none", "none", "none", "session", "scrubbed", "elsewhere", "talker"] as const;
const TEMPERS = ["plain", "plain", "plain", "plain", "polite", "deaf"] as const;
/** Issues of one cycle have numbers of their own. */
const ISSUES_PER_CYCLE = 4;

export function planCycle(seed: number, cycle: number): Plan {
  const prng = new Prng(Math.imul(seed, 0x9e3779b1) ^ Math.imul(cycle + 1, 0x85ebca6b));
  const orders = Array.from({ length: 1 + prng.below(3) }, (_, index) =>
    drawOrder(prng, cycle * ISSUES_PER_CYCLE + index + 1),
  );
  const more = Array.from({ length: prng.below(3) }, () => one(prng, FAULTS));
  const first = FAULTS[(cycle + seed) % FAULTS.length] ?? "kill_daemon";
  return { orders, faults: [first, ...more].map((kind) => drawFault(prng, kind)) };
}

function drawOrder(prng: Prng, issue: number): Order {
  return {
    issue,
    afterMs: prng.chance(1, 2) ? 0 : prng.below(600),
    behaviours: Array.from({ length: 3 }, () => drawBehaviour(prng)),
    copies: 1 + (prng.chance(1, 3) ? 1 + prng.below(2) : 0),
    echo: prng.chance(1, 5),
  };
}

function drawBehaviour(prng: Prng): Behaviour {
  return {
    steps: 1 + prng.below(6),
    pause: prng.below(25) / 100,
    code: prng.chance(1, 6) ? 3 : 0,
    stray: one(prng, STRAYS),
    temper: one(prng, TEMPERS),
  };
}

function drawFault(prng: Prng, kind: FaultKind): Fault {
  return {
    kind,
    on: one(prng, MOMENTS),
    afterMs: prng.chance(1, 2) ? 0 : prng.below(120),
    spanMs: prng.below(400),
    pick: prng.below(1_000),
  };
}

function one<T>(prng: Prng, of: readonly [T, ...T[]]): T {
  return of[prng.below(of.length)] ?? of[0];
}
