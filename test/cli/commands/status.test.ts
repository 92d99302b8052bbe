/** `status`: what it tells of the daemon, and of what is closed. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  CLOSED,
  chargehand,
  type Ended,
  json,
  knowing,
  RUN,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

const STATUS = {
  version: "0.1.0",
  pid: 1,
  started_at: "2026-01-15T11:00:00Z",
  uptime_s: 3_600,
  deliveries: { processed: 9, ignored: 2 },
  tasks: { active: 1, done: 8 },
  jobs: { running: 1 },
  runs: { running: 1 },
  holds: { backoff: 2 },
  ...CLOSED,
  running: [RUN],
  spend_today_usd: 1.239,
  config: { error: null, restart_needed: ["server.admin", "data_dir"] },
  database: { engine: "sqlite", journal: "wal", synchronous: "full" },
  isolation: { level: "none", reason: "bubblewrap is missing", remedy: "install it" },
};

const CLOSED_STATUS = {
  version: "0.1.0",
  uptime_s: 3_600,
  deliveries: {},
  tasks: {},
  jobs: {},
  runs: {},
  holds: { budget: 1 },
  ...CLOSED,
  running: [],
  spend_today_usd: 0,
  config: { error: "chargehand.yaml:3:1: agent: unknown key" },
  database: { engine: "sqlite" },
  projects: [
    {
      name: "shop",
      open: true,
      until: "2026-01-15T14:00:00Z",
      schedule: "nights",
      reason: null,
      remedy: null,
    },
    {
      ...{ name: "barn", open: false, until: "2026-01-15T21:00:00Z", schedule: "weekends" },
      ...{ reason: "no window is open", remedy: "open it now with: chargehand schedules open weekends" },
    },
    { name: "mill", open: true, until: null, schedule: null, reason: null, remedy: null },
  ],
};

const pace = (account: string, per: string, more: Readonly<Record<string, unknown>>) => ({
  ...{ account, per, source: "reported", used_percent: 30, allowed_percent: 25.5, ceiling_percent: 48 },
  ...{ open: true, opens_at: null, lasts_until: "2026-01-15T15:00:00Z" },
  ...{ period_begins: "2026-01-12T00:00:00Z", period_ends: "2026-01-19T00:00:00Z" },
  ...more,
});

const PACES = [
  pace("claude-max", "week", { open: false, opens_at: "2026-01-15T18:30:00Z" }),
  pace("claude-max", "5h", {}),
  pace("codex", "week", { lasts_until: "2026-01-19T00:00:00Z", used_percent: 0.4 }),
  pace("spare", "month", { source: "unknown", used_percent: 0, lasts_until: null }),
];

let isClosed = false;
let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /status": (...asked) => json(isClosed ? CLOSED_STATUS : STATUS)(...asked),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("status tells counts, holds, spend, database and what runs", async () => {
  const { out } = await run("status");
  assert.match(out, /^chargehand 0\.1\.0, up 1h$/m);
  assert.match(out, /^ {2}tasks +1 active, 8 done$/m);
  assert.match(out, /^ {2}waiting +2 backoff$/m);
  assert.match(out, /^ {2}spent today +\$1\.239$/m);
  assert.match(out, /^ {2}database +sqlite, wal, full$/m);
  assert.match(out, /^ {2}walls +none: bubblewrap is missing; install it$/m);
  assert.match(out, /SHOP-12 +running +4711 +claude-max +claude-so.* +43\.1k +\$0\.0312 +12m ago +12m$/m);
});

test("status says of missing walls whether they are asked for", async (t) => {
  const level = { level: "none", reason: null, remedy: null };
  const without = await scriptedDaemon({ "GET /status": json({ ...STATUS, isolation: level }) });
  t.after(() => without.close());
  const { out } = await chargehand(["status"], knowing(without));
  assert.match(out, /^ {2}walls +none, as the configuration says$/m);
});

test("status tells which keys of the configuration wait for a restart", async () => {
  const { out } = await run("status");
  assert.match(out, /^ {2}restart +needed for what has changed: server\.admin, data_dir$/m);
});

test("status shows cooldowns, what else is closed, and what is therefore not claimed", async () => {
  isClosed = true;
  const { out } = await run("status");
  isClosed = false;
  assert.match(out, /^ {2}waiting +1 budget$/m);
  assert.match(out, /^claude-max +cooling +0 +in 2h +the account's usage limit/m);
  assert.doesNotMatch(out, /claude-api/, "an open account is no cooldown");
  assert.doesNotMatch(out, /^account claude-max/m, "it is told once, as a cooldown");
  assert.match(out, /^agent reviewer +broken +1h ago +– +the account/m);
  assert.match(out, /^project shop +budget +1h ago +in 12h +the account/m);
  assert.match(
    out,
    /the one that was loaded last stays in force:\nchargehand\.yaml:3:1: agent: unknown key$/m,
  );
  assert.match(out, /^NOT CLAIMED +AGENT +SINCE +WHY$\nshop +developer +1m ago +the account/m);
});

test("status has a line per project: open or closed until when, and by what; none where there is no schedule", async () => {
  isClosed = true;
  const { out } = await run("status");
  isClosed = false;
  assert.match(out, /^PROJECT +IS +UNTIL +WINDOW +WHY$/m);
  assert.match(out, /^shop +open +in 2h +nights$/m);
  assert.match(out, /^barn +closed +in 9h +weekends +no window is open; open it now with: /m);
  assert.match(out, /^mill +open +– +–$/m);
  assert.doesNotMatch((await run("status")).out, /WINDOW/);
});

test("status tells how accounts keep their pace, with the forecast; nothing where there is none", async (t) => {
  const paced = await scriptedDaemon({ "GET /status": json({ ...STATUS, paces: PACES }) });
  t.after(() => paced.close());
  const { out } = await chargehand(["status"], knowing(paced));
  assert.match(out, /^PACE OF +PER +USED +BY NOW +IN ALL +ENDS +FORECAST$/m);
  assert.match(
    out,
    /^claude-max +week +30% +25\.5% +48% +in 4d +nothing starts until Thu 2026-01-15 18:30 UTC$/m,
  );
  assert.match(out, /^claude-max +5h .*at this pace until Thu 2026-01-15 15:00 UTC$/m);
  assert.match(out, /^codex +week +0\.4% .*lasts at this pace to its end$/m);
  assert.match(out, /^spare +month +unknown .*nothing known yet$/m);
  assert.doesNotMatch((await run("status")).out, /PACE OF/);
});

test("what a stranger says of a pace is shown as it is, or refused, and breaks nothing", async (t) => {
  let paces: unknown = [{ ...pace("a", "week", {}), lasts_until: "soon", allowed_percent: undefined }];
  const strange = await scriptedDaemon({
    "GET /status": (...asked) => json({ ...STATUS, paces })(...asked),
  });
  t.after(() => strange.close());
  assert.match(
    (await chargehand(["status"], knowing(strange))).out,
    /^a +week .*at this pace until soon UTC$/m,
  );
  paces = "none";
  assert.notEqual((await chargehand(["status"], knowing(strange))).code, 0);
});

test("status has a line per recurring task: its next slot, and what became of the last", async (t) => {
  const slot = { at: "2026-01-15T02:00:00Z", by: "time", settled_at: "2026-01-15T11:00:00Z" };
  const nightly = {
    ...{ name: "nightly", project: "shop", timezone: "Europe/Berlin" },
    local: "Friday 03:00",
  };
  const recurring = [
    {
      ...nightly,
      next: "2026-01-15T14:00:00Z",
      last: { ...slot, status: "fired", task: "SHOP-7", reason: null },
    },
    { ...nightly, name: "weekly", next: null, local: null, last: null },
  ];
  const served = await scriptedDaemon({ "GET /status": json({ ...STATUS, recurring }) });
  t.after(() => served.close());
  const { out } = await chargehand(["status"], knowing(served));
  assert.match(out, /^RECURRING +PROJECT +NEXT +IN ITS ZONE +LAST$/m);
  assert.match(out, /^nightly +shop +in 2h +Friday 03:00 +SHOP-7, 1h ago$/m);
  assert.match(out, /^weekly +shop +– +– +–$/m);
  assert.doesNotMatch((await run("status")).out, /RECURRING/);
});

test("status has a line per chat that is closed or troubled, with what a person can do; none where all is well", async (t) => {
  const none = { since: null, until: null, reason: null, remedy: null };
  const since = { since: "2026-01-15T11:00:00Z", until: "2026-01-15T13:00:00Z" };
  const chats = [
    { ...none, chat: "telegram:quiet", status: "well" },
    { ...since, chat: "telegram:team", status: "closed", reason: "kicked", remedy: "add the bot again" },
    { ...none, chat: "slack:ops", status: "troubled", reason: "nothing is heard: timed out" },
  ];
  const served = await scriptedDaemon({ "GET /status": json({ ...STATUS, chats }) });
  t.after(() => served.close());
  const { out } = await chargehand(["status"], knowing(served));
  assert.match(out, /^CHAT +IS +SINCE +TRIED +WHY$/m);
  assert.match(out, /^telegram:team +closed +1h ago +in 1h +kicked; add the bot again$/m);
  assert.match(out, /^slack:ops +troubled +– +– +nothing is heard: timed out$/m);
  assert.doesNotMatch(out, /telegram:quiet/);
  assert.doesNotMatch((await run("status")).out, /^CHAT/m);
});
