/**
 * The reconciler: what webhooks have lost is found by asking, and told as they would have told it.
 *
 * Level-triggered: it looks at each place in turns, and at once after every start. It may be killed anywhere: what is
 * known stands in rows, and moves on only over what was told (`watcher.ts`).
 *
 * R1. It is the net where webhooks come, and the way where none can (`poll`). It asks what can wait: the last of a
 *     host's limit is left to those who tell something, and a host in trouble is left alone.
 * R2. One place that cannot be looked at stops no other, and is seen in `status`. It is looked at less and less often
 *     while nothing of it can be.
 */

import { stackOf } from "../system/stack.ts";
import type { PlaceStanding } from "../workflow/outside/watched.ts";
import { folded } from "../workflow/text/same.ts";
import type { Place, ReconcilerPorts, StepEnd } from "./ports.ts";

/** What no list shows (deleted items) is asked for so often. */
const FULL_MS = 3_600_000;
/** The longest rest of a place that fails again and again. */
const REST_MS_MAX = 1_800_000;
const FAULTS_BEFORE_REST = 3;
/** Places that are looked at at the same time. */
const AT_ONCE = 4;
/** Where nothing is configured to be asked, the configuration may change. */
const IDLE_MS = 60_000;

export interface Reconciler {
  /** Goes round until `signal` aborts. Never rejects: what cannot be done now is tried again. */
  run(signal: AbortSignal): Promise<void>;
  /** Looks at all that is due now; returns when the next is (ms). */
  round(signal: AbortSignal): Promise<number>;
  standings(): readonly PlaceStanding[];
}

interface Memory {
  nextAt: number;
  fullAt: number;
  lookedAt: number | null;
  failures: number;
  faults: PlaceStanding["faults"];
}

export function createReconciler(ports: ReconcilerPorts): Reconciler {
  const { clock, wake } = ports;
  const memories = new Map<string, Memory>();

  const memoryOf = (place: Place): Memory => {
    const name = nameOf(place);
    const known = memories.get(name);
    if (known !== undefined) return known;
    const fresh = { nextAt: 0, fullAt: 0, lookedAt: null, failures: 0, faults: [] };
    memories.set(name, fresh);
    return fresh;
  };

  const round = async (signal: AbortSignal): Promise<number> => {
    const places = ports.places();
    const names = new Set(places.map(nameOf));
    for (const name of memories.keys()) if (!names.has(name)) memories.delete(name);
    const due = places.filter((place) => memoryOf(place).nextAt <= clock.now());
    const one = async (): Promise<void> => {
      for (let place = due.shift(); place !== undefined && !signal.aborted; place = due.shift())
        await lookAt(ports, place, memoryOf(place), signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    const next = places.map((place) => memoryOf(place).nextAt);
    return Math.min(clock.now() + IDLE_MS, ...next);
  };

  return {
    round,
    async run(signal): Promise<void> {
      while (!signal.aborted) {
        const next = await round(signal);
        await wake.wait(Math.max(0, next - clock.now()), signal);
      }
    },
    standings: () =>
      ports.places().map((place) => {
        const { lookedAt, faults } = memoryOf(place);
        const { source, name, projects, everyMs } = place;
        return {
          ...{ source, place: name, projects: projects.map((project) => project.name) },
          ...{ everyMs, lookedAt, faults },
        };
      }),
  };
}

/** R2. */
async function lookAt(
  ports: ReconcilerPorts,
  place: Place,
  memory: Memory,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, log } = ports;
  const { source, name } = place;
  const now = clock.now();
  const isFull = memory.fullAt <= now;
  let waitMs = 0;
  try {
    const marks = await store.watches.of(source, folded(name));
    const look = { ports, place, isFull, now, marks: new Map(marks.map((mark) => [mark.kind, mark])) };
    waitMs = note(memory, await place.watcher.look(look), now);
    if (memory.faults.length === 0) {
      memory.lookedAt = clock.now();
      if (isFull) memory.fullAt = now + FULL_MS;
    }
  } catch (error) {
    const reason = stackOf(error);
    if (!signal.aborted) log.error({ event: "reconcile.faulted", source, place: name, reason });
    const [first = ""] = reason.split("\n");
    note(memory, [{ name: "all", end: { kind: "failed", reason: first, afterMs: 0, fault: "call" } }], now);
  }
  memory.nextAt = now + Math.max(waitMs, restOf(place, memory));
  const faults = memory.faults.flatMap(({ since, reason }) => (since === now ? [reason] : []));
  if (faults.length > 0) log.warn({ event: "reconcile.failed", source, place: name, faults });
}

function nameOf({ source, name }: Place): string {
  return `${source} ${name}`;
}

/** @returns how long somebody has asked to be left alone (ms) */
function note(memory: Memory, ends: readonly StepEnd[], now: number): number {
  let waitMs = 0;
  const before = memory.faults;
  memory.faults = ends.flatMap(({ name, end }) => {
    if (end.kind === "ok") return [];
    waitMs = Math.max(waitMs, end.afterMs);
    const since = before.find(({ what }) => what === name)?.since ?? now;
    return [{ what: name, reason: end.reason, since }];
  });
  // Who answers something is well enough to be asked for the rest as often as ever.
  const most = ends.some(({ end }) => end.kind === "ok") ? FAULTS_BEFORE_REST : Number.POSITIVE_INFINITY;
  memory.failures = memory.faults.length === 0 ? 0 : Math.min(most, memory.failures + 1);
  return waitMs;
}

function restOf({ everyMs }: Place, { failures }: Memory): number {
  const doublings = Math.max(0, failures - FAULTS_BEFORE_REST);
  return Math.max(everyMs, Math.min(REST_MS_MAX, everyMs * 2 ** Math.min(10, doublings)));
}
