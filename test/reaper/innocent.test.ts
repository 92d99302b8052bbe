/** I5 as a property: whatever happens to pids between look and act, nobody is hit but agents and their strays. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { BOOT, identity, MINUTE, ScriptedHost, SECOND } from "./scripted-host.ts";

const PIDS = [10, 11, 12, 13] as const;
const OTHER_BOOT = "33333333-3333-4333-8333-333333333333";
const STATUSES = ["starting", "running", "exited", "succeeded", "failed", "lost", "killed"] as const;

/** One thing that happens to the machine. */
type Happening =
  /** The pid's process ends, and somebody else's gets its pid. */
  | { readonly kind: "reuse"; readonly pid: number; readonly within: boolean }
  | { readonly kind: "end"; readonly pid: number }
  | { readonly kind: "pass"; readonly minutes: number }
  | { readonly kind: "drop" }
  | { readonly kind: "finish"; readonly status: (typeof STATUSES)[number] };

const pid = fc.constantFrom(...PIDS);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant("reuse" as const), pid, within: fc.boolean() }),
  fc.record({ kind: fc.constant("end" as const), pid }),
  fc.record({ kind: fc.constant("pass" as const), minutes: fc.integer({ min: 0, max: 90 }) }),
  fc.constant({ kind: "drop" as const }),
  fc.record({ kind: fc.constant("finish" as const), status: fc.constantFrom(...STATUSES) }),
);
const row = fc.record({
  status: fc.constantFrom(...STATUSES),
  pid,
  ticks: fc.integer({ min: 1, max: 3 }),
  boot: fc.constantFrom(BOOT, BOOT, BOOT, OTHER_BOOT),
  inHand: fc.boolean(),
});

/** A machine on which every signal is held against what truly stands behind the pid at that moment. */
class Machine extends ScriptedHost {
  readonly hits: string[] = [];
  #ticks = 1_000;

  /** What the kernel does with a pid that somebody says: it asks nobody who is meant. */
  hit(target: number, signal: string): void {
    const victim = this.processes.find((one) => one.identity.pid === target);
    this.hits.push(`${signal} ${victim === undefined ? "nobody" : (victim.run ?? "an innocent")}`);
  }

  happen(what: Happening): void {
    if (what.kind === "pass") this.pass(what.minutes * MINUTE);
    if (what.kind === "drop") this.held.clear();
    if (what.kind === "finish") for (const id of this.rows.keys()) this.change(id, { status: what.status });
    if (what.kind !== "reuse" && what.kind !== "end") return;
    const replace = (): void => {
      this.processes = this.processes.filter((one) => one.identity.pid !== what.pid);
      if (what.kind === "reuse")
        this.processes.push({ identity: identity(what.pid, ++this.#ticks), run: null });
    };
    if (what.kind === "reuse" && what.within) this.meanwhile = replace;
    else replace();
  }
}

test("I5: no verdict ever signals a process whose identity differs", async () => {
  let kills = 0;
  const rows = fc.array(row, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(rows, fc.array(happening, { maxLength: 12 }), async (seeds, happenings) => {
      const machine = new Machine();
      const { signal } = machine.ports.processes;
      Object.assign(machine.ports.processes, {
        signal: (...args: Parameters<typeof signal>): boolean => {
          machine.meanwhile();
          const isSent = machine.find(args[1]) !== undefined;
          if (isSent) machine.hit(args[1].pid, args[2]);
          return signal(...args);
        },
      });
      for (const [n, seed] of seeds.entries()) {
        const process = identity(seed.pid, seed.ticks, seed.boot);
        const lives = !machine.processes.some((one) => one.identity.pid === seed.pid);
        machine.put(
          { id: `r${n}`, task: `SHOP-${n}`, status: seed.status, identity: process },
          { inHand: seed.inHand, lives: lives && seed.boot === BOOT },
        );
      }
      for (const what of happenings) {
        machine.happen(what);
        await machine.rounds(15 * SECOND);
      }
      for (const hit of machine.hits) assert.match(hit, /^SIG(TERM|KILL) r\d$/);
      kills += machine.hits.length;
    }),
    { numRuns: 500, seed: 4_711 },
  );
  assert.ok(kills > 50, `only ${kills} signals were sent: the property has proved nothing`);
});
