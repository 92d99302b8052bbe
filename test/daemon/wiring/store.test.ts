/** Opening the store: migrated, told of the configuration, and closed again when that fails. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openStore } from "../../../daemon/wiring/store.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import type { Work } from "../../../store/engine/work.ts";
import { systemClock } from "../../../system/clock.ts";
import { nullLog } from "../../../system/log.ts";
import { PROJECT } from "../../world/daemon.ts";
import { PLAIN_CONFIG } from "../config/plain-config.ts";

function directory(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-store-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("the store knows the projects of the configuration, and tells what is made from then on", async (t) => {
  const told: Work[] = [];
  const config = { ...PLAIN_CONFIG, dataDir: directory(t), projects: [PROJECT] };
  const { engine, store } = await openStore(config, nullLog(), systemClock(), (work) => told.push(work));
  assert.deepEqual(await store.budgets.projects(), ["shop"]);
  assert.deepEqual(told, ["jobs"]);
  assert.equal(engine.durability.journal, "wal");
  await store.close();
});

test("a file that is no database is a fault of the store that names it, and is left alone", async (t) => {
  const dataDir = directory(t);
  writeFileSync(`${dataDir}/chargehand.db`, "not a database, and longer than its header would be".repeat(99));
  const config = { ...PLAIN_CONFIG, dataDir };
  await assert.rejects(
    openStore(config, nullLog(), systemClock(), () => undefined),
    StoreFault,
  );
  rmSync(`${dataDir}/chargehand.db`);
  const { store } = await openStore(config, nullLog(), systemClock(), () => undefined);
  await store.close();
});
