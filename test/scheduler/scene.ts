/** The scheduler over a real store, moved by hand: for the tests of its windows. */

import type { TestContext } from "node:test";
import { createWindows, type Windows } from "../../scheduler/windows.ts";
import type { Store } from "../../store/store.ts";
import { nullLog } from "../../system/log.ts";
import type { Schedule } from "../../workflow/windows/schedule.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { memoryStore } from "../handlers/hand-moved.ts";

export const HOUR = 3_600_000;
/** Monday, noon. */
export const NOON = Date.UTC(2027, 2, 1, 12);

export interface Scene {
  readonly store: Store;
  readonly windows: Windows;
  at: number;
  schedules: readonly Schedule[];
  /** Looks at a time; answers the hold of the project, or what its row says. */
  look(at: number): Promise<string>;
  claim(run: string): Promise<boolean>;
}

export async function scene(t: TestContext, schedules: readonly Schedule[]): Promise<Scene> {
  const store = await memoryStore();
  t.after(() => store.close());
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 3 }]), NOON);
  const clock = { now: () => here.at, monotonic: () => here.at, sleep: async () => undefined };
  const projects = new Map([["shop", { name: "shop", concurrency: 3 }]]);
  const ports = { store, clock, log: nullLog(), configured: () => here.schedules, projects: () => projects };
  const windows = createWindows(ports);
  const here: Scene = {
    ...{ store, windows, at: NOON, schedules },
    async look(at): Promise<string> {
      here.at = at;
      await windows.look();
      const [hold] = await store.holds.wide();
      return hold === undefined ? "open" : `${hold.kind}: ${hold.reason}`;
    },
    claim: async (run) => {
      await store.holds.releaseDue(here.at);
      return (await store.jobs.claim({ run, concurrency: 9, now: here.at })) !== null;
    },
  };
  return here;
}
