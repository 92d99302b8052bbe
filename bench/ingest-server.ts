/**
 * The server that `bench ingest` loads, as a process of its own: `bare` (signature and JSON parse only), `stored`
 * (group commit at FULL), `daemon` (the same with the inbox at work beside it). Prints its address;
 * at the end of stdin it
 * prints what it stored, and how durably.
 */

import { join } from "node:path";
import { listen } from "../daemon/listener/listen.ts";
import { createBells, ringer } from "../daemon/wiring/bells.ts";
import { githubSource } from "../handlers/github/webhook.ts";
import { createInbox } from "../handlers/inbox.ts";
import { createIntake, type Receipt } from "../handlers/intake.ts";
import { createBodyReader } from "../handlers/read-body.ts";
import { readersOf } from "../handlers/sources.ts";
import { webhookApp } from "../handlers/webhooks.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import { systemClock } from "../system/clock.ts";
import { nullLog } from "../system/log.ts";
import { createWake } from "../system/wake.ts";

const SECRET = "bench-secret";
const MIB = 1_048_576;

const [mode = "", folder = ""] = process.argv.slice(2);
const [clock, log] = [systemClock(), nullLog()];
const engine = await openSqlite(join(folder, "bench.db"));
await migrate(engine, clock.now());
const bells = createBells(() => createWake(clock));
const store = createStore(engine, ringer(bells));
const end = new AbortController();
const intake = createIntake({
  deliveries: store.deliveries,
  clock,
  log,
  giveUpBallast: async () => false,
});
const known: Receipt = { kind: "recorded", id: 1, fresh: true };
const record = mode === "bare" ? async (): Promise<Receipt> => known : intake.record;
const app = webhookApp({
  sources: [githubSource([SECRET])],
  record,
  bodies: createBodyReader({ memory: () => 64 * MIB, clock }),
  bodyLimit: 25 * MIB,
  adminUrl: () => "",
  log,
});
const inbox = createInbox({
  store,
  projects: [],
  readers: readersOf(new Map()),
  isIngestBusy: intake.isBusy,
  clock,
  log,
  wake: bells.deliveries.join(),
});
const working = mode === "daemon" ? inbox.run(end.signal) : Promise.resolve();
const started = await listen({
  name: "bench",
  fetch: app.fetch,
  address: { host: "127.0.0.1", port: 0 },
  connectionsMax: 1_000,
  clock,
  log,
});
if (started.kind === "failed") throw new Error(started.reason);
process.stdout.write(`${started.listener.url}\n`);
await process.stdin.resume().toArray();
end.abort();
await working;
const { deliveries } = await store.totals(clock.now());
const stored = Object.values(deliveries).reduce((sum, n) => sum + n, 0);
const { journal, synchronous } = engine.durability;
process.stdout.write(
  mode === "bare" ? "nothing is stored\n" : `${stored} stored, ${journal}, ${synchronous}\n`,
);
process.exit(0);
