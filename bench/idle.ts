/**
 * `bench idle`: a daemon with a million finished jobs in its database and nothing to do: how soon it is ready, and what
 * memory and processor time it takes.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import { plainClaimConfig } from "../test/claim-config.ts";
import { fill } from "./claim.ts";
import { cpuPercent, endDaemon, residentMegabytes, startDaemon } from "./daemon.ts";
import type { Figure } from "./figures.ts";

const FULL = { jobs: 1_000_000, settleMs: 2_000, watchMs: 20_000 };
const QUICK = { jobs: 10_000, settleMs: 500, watchMs: 2_000 };

export async function idleBench(isQuick: boolean): Promise<readonly Figure[]> {
  const { jobs, settleMs, watchMs } = isQuick ? QUICK : FULL;
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    await setUp(folder, jobs);
    const first = await startDaemon(folder);
    await endDaemon(first.daemon, "SIGTERM");
    const { daemon, readyMs } = await startDaemon(folder);
    try {
      await pause(settleMs);
      const percent = await cpuPercent(daemon, watchMs);
      return [
        { what: "finished jobs", value: jobs, unit: "jobs" },
        { what: "ready after, compile cache filled", value: readyMs, unit: "ms", atMost: 1_000 },
        { what: "ready after, the very first start", value: first.readyMs, unit: "ms" },
        { what: "resident memory", value: residentMegabytes(daemon), unit: "MB", atMost: 110 },
        { what: "processor, of one core", value: percent, unit: "%", atMost: 1 },
      ];
    } finally {
      await endDaemon(daemon, "SIGTERM");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function setUp(folder: string, jobs: number): Promise<void> {
  const data = join(folder, "data");
  mkdirSync(data);
  const path = join(data, "chargehand.db");
  const engine = await openSqlite(path);
  await migrate(engine, Date.now());
  await createStore(engine).projects.configure(
    plainClaimConfig([{ name: "shop", concurrency: 2 }]),
    Date.now(),
  );
  await engine.close();
  fill(path, "finished", jobs);
  writeFileSync(
    join(folder, "chargehand.yaml"),
    `data_dir: ${data}
isolation: none
server: { webhooks: { port: 0 }, admin: { port: 0 } }
sources: { github: { secret: bench-secret } }
agents: { nobody: { backend: command, argv: [/bin/true] } }
projects:
  - { name: shop, prefix: SHOP, repo: acme/shop, clone_url: /nowhere.git, base_branch: main, agent: nobody, publish: none }
`,
  );
}
