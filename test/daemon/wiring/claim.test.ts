/** The claim loop may end before the others: what it has claimed is with the runner then. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_WALLS } from "../../../agents/sandbox/walls.ts";
import { createHost } from "../../../daemon/host.ts";
import { createBells, ringer } from "../../../daemon/wiring/bells.ts";
import { wireClaim } from "../../../daemon/wiring/claim.ts";
import { createStore } from "../../../store/build.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import { nullLog } from "../../../system/log.ts";
import { createPulses } from "../../../system/pulse.ts";
import { createWake } from "../../../system/wake.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import { manualTime } from "../../system/manual-time.ts";
import { PLAIN_CONFIG } from "../config/plain-config.ts";

test("a committed job is claimed without a poll, by the limits of now; once it is quiet nothing is claimed", async () => {
  const time = manualTime();
  const { clock } = time;
  const bells = createBells(() => createWake(clock));
  const engine = await openSqlite(":memory:");
  await migrate(engine, 0);
  const store = createStore(engine, ringer(bells));
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 9 }]), 0);
  const end = new AbortController();
  let concurrency = 1;
  const ground = {
    ...{ store, bells, end, log: nullLog() },
    isolation: { walls: NO_WALLS, tell: () => undefined, trouble: () => null, refusal: () => null },
    get config() {
      return { ...PLAIN_CONFIG, limits: { ...PLAIN_CONFIG.limits, concurrency } };
    },
  };
  const begun: string[] = [];
  const begin = async ({ job }: { readonly job: { readonly task: string } }): Promise<void> =>
    void begun.push(job.task);
  const { loop, quiet } = wireClaim(ground, createHost(clock, bells.jobs.ring), { begin });
  const pulses = createPulses(clock, 1_000);
  const claiming = pulses.keep(loop.name, loop.run);
  await time.pass(0);
  await store.commit([creation("shop", 1), creation("shop", 2)], null, 0);
  await time.pass(0);
  assert.deepEqual(begun, ["SHOP-1"], "there is room for one");
  concurrency = 2;
  bells.jobs.ring();
  await time.pass(0);
  assert.deepEqual(begun, ["SHOP-1", "SHOP-2"]);
  await quiet();
  await claiming;
  concurrency = 9;
  await store.commit([creation("shop", 3)], null, 0);
  await time.pass(0);
  assert.deepEqual(begun, ["SHOP-1", "SHOP-2"]);
  assert.equal(end.signal.aborted, false);
  await store.close();
});
