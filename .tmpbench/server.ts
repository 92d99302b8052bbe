process.on("SIGINT", () => process.exit(0));
import { createAdaptorServer } from "@hono/node-server";
import { createServer } from "node:http";
import { githubSource } from "../handlers/github.ts";
import { createInbox } from "../handlers/inbox.ts";
import { createIntake } from "../handlers/group.ts";
import { webhookApp } from "../handlers/webhooks.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/migrate.ts";
import { openSqlite } from "../store/sqlite.ts";
import { systemClock } from "../system/clock.ts";
import { createWake } from "../system/wake.ts";
import { nullLog } from "../system/log.ts";
import { createHmac, timingSafeEqual } from "node:crypto";
const [mode, folder] = process.argv.slice(2);
const clock = systemClock(); const log = nullLog();
let server: any;
if (mode === "node") {
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (c) => chunks.push(c)); req.on("end", () => {
      const raw = Buffer.concat(chunks);
      const sig = Buffer.from(String(req.headers["x-hub-signature-256"]).slice(7), "hex");
      const ok = timingSafeEqual(createHmac("sha256", "bench-secret").update(raw).digest(), sig);
      JSON.parse(raw.toString("utf8"));
      res.writeHead(202, {"content-type":"application/json"}).end(JSON.stringify({status: "accepted", delivery: 1}));
    });
  });
} else {
  let record: any;
  let n = 0;
  if (mode === "bare") record = async () => ({ kind: "recorded", id: ++n, fresh: true });
  else {
    const engine = await openSqlite(`${folder}/db.sqlite`); await migrate(engine, clock.now());
    const store = createStore(engine);
    const c2 = mode === "immediate" ? { ...clock, sleep: () => new Promise<void>((r) => setImmediate(r)) } : clock;
    let batches = 0; const wake = createWake(clock);
    const intake = createIntake({ deliveries: { record: (d, now) => { batches++; return store.deliveries.record(d, now); } }, clock: c2, log, wake, giveUpBallast: async () => false });
    record = intake.record;
    if (mode.startsWith("inbox")) { const w = createWake(clock); const pauseMs = Number(mode.slice(5)); let first=0;
      const c3 = { ...clock, sleep: (ms: number, sig?: AbortSignal) => clock.sleep(ms === 0 ? pauseMs : ms, sig) };
      const inbox = createInbox({ store, projects: [], lookups: {}, accounts: {}, clock: c3, log, wake, claimWake: w, stopWake: w, isIngestBusy: intake.isBusy });
      void inbox.run(new AbortController().signal);
      process.on("SIGUSR2", async () => console.error(JSON.stringify((await store.totals(clock.now())).deliveries)));
    }
    process.on("SIGUSR2", () => console.error("batches", batches));
  }
  const app = webhookApp({ sources: [githubSource(["bench-secret"])], record, bodyLimit: 25 << 20, log });
  server = createAdaptorServer({ fetch: app.fetch });
}
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
