/** What every command has in common: it fits, prints JSON on request, and takes the shared options anywhere. */

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
} from "./scripted-daemon.ts";

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

test("options that commands share may stand in front of the command", async () => {
  const ended = await chargehand(["--url", daemon.url, "--token=t0ken", "task", "SHOP-12"]);
  assert.deepEqual([ended.code, ended.err], [0, ""]);
  assert.match(ended.out, /^ {2}SHOP-12 /);
});
