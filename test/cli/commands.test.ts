/** What the commands ask the daemon and what they print, for people and as JSON. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  BUDGETS,
  CLOSED,
  chargehand,
  DELIVERY,
  EXPLANATION,
  json,
  knowing,
  problem,
  RUN,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "./stage.ts";

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
};

const JOBS = {
  jobs: [
    {
      ...{ id: 8, task: "SHOP-13", project: "shop", phase: "work", agent: "developer", status: "held" },
      ...{ attempts: 1, transients: 2, interruptions: 0, reason: null, created_at: "2026-01-15T11:00:00Z" },
      holds: [
        {
          ...{ kind: "backoff", reason: "waits before the next try", remedy: "check clone_url" },
          until: "2026-01-15T12:04:00Z",
        },
      ],
    },
  ],
  counts: { queued: 0, held: 1, done: 14 },
  next_cursor: "8",
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /status": json(STATUS),
    "GET /tasks": (request, response, body) =>
      json({ tasks: request.url?.includes("status=failed") ? [] : [TASK], next_cursor: "abc" })(
        request,
        response,
        body,
      ),
    "GET /tasks/SHOP-12": json(TASK),
    "GET /tasks/SHOP-12/explain": json(EXPLANATION),
    "GET /budgets": json(BUDGETS),
    "GET /runs": json({
      runs: [RUN, { ...RUN, cost_usd: null, cost_source: "unpriced", pid: null }],
      next_cursor: null,
    }),
    "GET /deliveries": json({ deliveries: [DELIVERY], next_cursor: null }),
    "GET /deliveries/3": json({ ...DELIVERY, body: '{"action":"labeled","text":"\\u001b]0;x\\u009b"}' }),
    "POST /deliveries/3/replay": json(
      { ...DELIVERY, id: 4, replay_of: 3, status: "received", reason: null },
      202,
    ),
    "POST /tasks/SHOP-12/cancel": json({ ...TASK, status: "cancelled" }),
    "POST /tasks/SHOP-12/retry": json(TASK),
    "POST /tasks/SHOP-13/retry": json({ ...TASK, key: "SHOP-13" }),
    "POST /tasks/SHOP-14/retry": problem(409, "SHOP-14 is done", { state: "done" }),
    "GET /jobs": json(JOBS),
  });
});
after(() => daemon.close());

const run = (...args: string[]): ReturnType<typeof chargehand> => chargehand(args, knowing(daemon));

const READS: readonly string[][] = [
  ["status"],
  ["tasks"],
  ["task", "SHOP-12"],
  ["jobs"],
  ["runs"],
  ["deliveries"],
  ["deliveries", "list"],
  ["deliveries", "show", "3"],
  ["explain", "SHOP-12"],
  ["budget"],
  ["budget", "list", "--task", "SHOP-12"],
  ["cooldown"],
];

for (const command of READS) {
  test(`\`${command.join(" ")}\` prints at most 100 columns and nothing that a terminal would obey`, async () => {
    const { code, out, err } = await run(...command);
    assert.deepEqual([code, err], [0, ""]);
    assert.ok(out.endsWith("\n"));
    for (const line of out.split("\n")) {
      assert.ok([...line].length <= 100, `${[...line].length} columns: ${line}`);
      assert.doesNotMatch(line, /\p{Cc}/u);
    }
  });

  test(`\`${command.join(" ")} --json\` prints the daemon's answer as one JSON document and nothing else`, async () => {
    const { code, out, err } = await run(...command, "--json");
    assert.deepEqual([code, err], [0, ""]);
    const document: unknown = JSON.parse(out);
    assert.equal(typeof document, "object");
  });
}

test("status tells counts, holds, spend, database and what runs", async () => {
  const { out } = await run("status");
  assert.match(out, /^chargehand 0\.1\.0, up 1h$/m);
  assert.match(out, /^ {2}tasks +1 active, 8 done$/m);
  assert.match(out, /^ {2}waiting +2 backoff$/m);
  assert.match(out, /^ {2}spent today +\$1\.239$/m);
  assert.match(out, /^ {2}database +sqlite, wal, full$/m);
  assert.match(out, /SHOP-12 +running +4711 +claude-max +claude-so.* +43\.1k +\$0\.0312 +12m ago +12m$/m);
});

test("status tells which keys of the configuration wait for a restart", async () => {
  const { out } = await run("status");
  assert.match(out, /^ {2}restart +needed for what has changed: server\.admin, data_dir$/m);
});

test("jobs tells counts by status, and each job with its tries, why it waits, and what can be done", async () => {
  const { out } = await chargehand(["jobs", "--project", "shop", "--task", "shop-13"], knowing(daemon), null);
  assert.equal(daemon.asked.at(-1)?.line, "GET /api/v1/jobs?project=shop&task=shop-13&limit=50");
  assert.match(out, /^all jobs: 1 held, 14 done$/m);
  assert.match(
    out,
    /^8 +SHOP-13 +held +developer +3 +waits before the next try \(in 4m\); check clone_url +1h ago$/m,
  );
  assert.match(out, /add --cursor 8/);
});

test("a table fits the terminal, and in a pipe nothing is cut or left out", async () => {
  for (const width of [60, 80, 100, 140]) {
    for (const command of [
      ["tasks"],
      ["runs"],
      ["jobs"],
      ["deliveries"],
      ["status"],
      ["explain", "SHOP-12"],
    ]) {
      const { out } = await chargehand(command, knowing(daemon), width);
      for (const line of out.split("\n"))
        assert.ok([...line].length <= width, `${command[0]} in ${width}: ${line}`);
    }
  }
  assert.match(
    (await chargehand(["runs"], knowing(daemon), 60)).out,
    /^RUN +TASK +STATUS +PID +COST +TOOK$/m,
  );
  const { out } = await chargehand(["tasks"], knowing(daemon), null);
  assert.ok(out.includes(String(TASK["branch"])));
  assert.match(out, /a title that goes on and on and on for ever +shop/);
  assert.doesNotMatch(out, /\S…/);
  const explained = await chargehand(["explain", "SHOP-12"], knowing(daemon), null);
  assert.match(explained.out, /^ {2}1m ago +run 01j failed \(network\): .* that it names, too$/m);
});

test("retry of several keys says of each what became of it, and exits as the first that did not work", async () => {
  const ended = await run("retry", "SHOP-12", "SHOP-14", "SHOP-13");
  assert.match(ended.out, /^SHOP-12 is active\..*\nSHOP-13 is active\./);
  assert.equal(ended.err, "chargehand: SHOP-14 is done\n");
  assert.equal(ended.code, 5);
  const document: unknown = JSON.parse((await run("retry", "SHOP-12", "SHOP-13", "--json")).out);
  assert.ok(Array.isArray(document) && document.length === 2);
});

test("options that commands share may stand in front of the command", async () => {
  const ended = await chargehand(["--url", daemon.url, "--token=t0ken", "task", "SHOP-12"]);
  assert.deepEqual([ended.code, ended.err], [0, ""]);
  assert.match(ended.out, /^ {2}SHOP-12 /);
});

test("tasks passes its filters on, shows how to get the next page, and says when nothing matches", async () => {
  const { out } = await run(
    "tasks",
    "--project",
    "shop",
    "--status",
    "active",
    "--ready",
    "--limit",
    "7",
    "--cursor",
    "x y",
  );
  assert.equal(
    daemon.asked.at(-1)?.line,
    "GET /api/v1/tasks?project=shop&status=active&ready=true&limit=7&cursor=x+y",
  );
  assert.match(out, /^SHOP-12 +active +Login fails .*… +shop +chargehand\/SHOP-12.*… +12m ago$/m);
  assert.match(out, /add --cursor abc/);
  assert.equal((await run("tasks", "--status", "failed")).out, "No task matches.\n");
});

test("a run without a price is shown as unpriced, never as 0", async () => {
  assert.match((await run("runs")).out, /running +– .* unpriced /);
});

test("a delivery is shown with its reason and its body indented", async () => {
  const { out } = await run("deliveries", "show", "3");
  assert.match(out, /reason +label wontfix starts nothing/);
  assert.match(out, /^ {2}"action": "labeled",$/m);
});

test("replay, cancel and retry post what was asked and say what became of it", async () => {
  const replayed = await run("deliveries", "replay", "3");
  assert.match(replayed.out, /^Delivery 4 replays 3\./);
  const cancelled = await run("cancel", "SHOP-12", "--reason", "not needed");
  assert.deepEqual([cancelled.code, cancelled.out], [0, "SHOP-12 is cancelled.\n"]);
  assert.deepEqual(daemon.asked.at(-1), {
    line: "POST /api/v1/tasks/SHOP-12/cancel",
    body: '{"reason":"not needed"}',
  });
  const retried = await run("retry", "SHOP-12");
  assert.match(retried.out, /^SHOP-12 is active\. .*chargehand logs SHOP-12 --follow$/m);
  assert.deepEqual(daemon.asked.at(-1), { line: "POST /api/v1/tasks/SHOP-12/retry", body: "{}" });
});

test("I13: a key with slashes or dots is one segment of the path, whatever it says", async () => {
  await run("task", "../status?x=1");
  assert.equal(daemon.asked.at(-1)?.line, "GET /api/v1/tasks/..%2Fstatus%3Fx%3D1");
});
