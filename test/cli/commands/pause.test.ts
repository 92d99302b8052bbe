/** `pause`, `resume` and `stop-all`: what they post, and what they say. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  RUN,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../scripted-daemon.ts";

const [USAGE, NOT_FOUND, REFUSED] = [2, 4, 5] as const;
const UNTIL = "2026-01-15T15:00:00.000Z";

function hold(
  scope: string,
  subject: string,
  until: string | null = null,
): Readonly<Record<string, unknown>> {
  return { scope, subject, kind: "pause", reason: "paused by alice", remedy: null, since: UNTIL, until };
}

function paused(scope: string, subject: string, more: object): Readonly<Record<string, unknown>> {
  return { pause: hold(scope, subject), stopping: 0, running: 0, ...more };
}

const RESUMED = { scope: "project", subject: "shop", still_paused: [], paused_tasks: 0 };

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /projects/shop/pause": json(paused("project", "shop", { running: 2 })),
    "POST /projects/barn/pause": json(paused("project", "barn", { stopping: 1 })),
    "POST /projects/web-2/pause": json(paused("project", "web-2", {})),
    "POST /projects/shpo/pause": problem(404, 'there is no project shpo; did you mean "shop"?'),
    "POST /tasks/web-2/pause": problem(404, "there is no task WEB-2"),
    "POST /tasks/SHOP-12/pause": json({ ...TASK, status: "paused", runs: [RUN] }),
    "POST /tasks/SHOP-13/pause": json({ ...TASK, key: "SHOP-13", status: "paused", runs: [] }),
    "POST /tasks/SHOP-9/pause": problem(409, "SHOP-9 is done, so there is nothing to pause"),
    "POST /tasks/SHPO-1/pause": problem(404, 'there is no task SHPO-1; did you mean "SHOP-1"?'),
    "POST /pause": json({ pause: hold("all", "*", UNTIL), stopping: 3, running: 0 }),
    "POST /projects/shop/resume": json(RESUMED),
    "POST /projects/barn/resume": json({ ...RESUMED, subject: "barn", still_paused: [hold("all", "*")] }),
    "POST /tasks/SHOP-12/resume": json({ ...TASK, status: "active" }),
    "POST /resume": json({
      scope: "all",
      subject: "*",
      still_paused: [hold("project", "shop")],
      paused_tasks: 2,
    }),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, { ...knowing(daemon), USER: "alice" });

function posted(): unknown {
  const { line = "", body = "{}" } = daemon.asked.at(-1) ?? {};
  return [line.replace("POST /api/v1", ""), JSON.parse(body)];
}

test("pause of a project says who and why, and that agents at work may finish", async () => {
  const { code, out } = await run("pause", "shop", "--because", "a bad deploy");
  assert.deepEqual(posted(), ["/projects/shop/pause", { by: "alice", because: "a bad deploy" }]);
  assert.equal(code, 0);
  assert.equal(
    out,
    "Project shop is paused. 2 agents are at work, and may finish; --stop stops what runs, too.\n" +
      "It goes on with: chargehand resume shop\n",
  );
});

test("pause takes an end as a time or as a span, and tells the daemon the instant", async () => {
  assert.equal((await run("pause", "barn", "--for", "3h", "--stop")).code, 0);
  assert.deepEqual(posted(), ["/projects/barn/pause", { by: "alice", until: UNTIL, stop: true }]);
  const { out } = await run("pause", "barn", "--until", "2026-01-15T15:00Z");
  assert.deepEqual(posted(), ["/projects/barn/pause", { by: "alice", until: UNTIL }]);
  assert.match(out, /^Project barn is paused\. 1 agent is being stopped; sessions are kept\.\n/);
});

test("pause of a task is asked by its key, and tells that its agent is being stopped", async () => {
  const { out } = await run("pause", "SHOP-12", "SHOP-13", "--stop");
  assert.deepEqual(posted(), ["/tasks/SHOP-13/pause", { by: "alice" }]);
  assert.equal(
    out,
    "SHOP-12 is paused. Its agent is being stopped, and its session is kept. " +
      "It goes on with: chargehand resume SHOP-12\n" +
      "SHOP-13 is paused. It goes on with: chargehand resume SHOP-13\n",
  );
});

test("what looks like a key and is none may be a project; what is neither is told as the task it looks like", async () => {
  assert.match((await run("pause", "web-2")).out, /^Project web-2 is paused\. No agent is at work\.\n/);
  const key = await run("pause", "SHPO-1");
  assert.deepEqual([key.code, key.out], [NOT_FOUND, ""]);
  assert.match(key.err, /there is no task SHPO-1; did you mean "SHOP-1"\?/);
  const name = await run("pause", "shpo");
  assert.equal(name.code, NOT_FOUND);
  assert.match(name.err, /did you mean "shop"\?/);
  assert.equal((await run("pause", "SHOP-9")).code, REFUSED);
});

test("stop-all pauses everything and stops what runs in one request", async () => {
  const { code, out } = await run("stop-all", "--because", "it goes wrong");
  assert.deepEqual(posted(), ["/pause", { by: "alice", because: "it goes wrong", stop: true }]);
  assert.equal(code, 0);
  assert.match(out, /^Everything is paused until 2026-01-1\d \d\d:\d\d\. 3 agents are being stopped; /);
  assert.match(out, /\nIt goes on with: chargehand resume --all\n$/);
  await run("pause", "--all");
  assert.deepEqual(posted(), ["/pause", { by: "alice" }]);
});

test("resume says what goes on, and what does not because it was paused by itself", async () => {
  const { out } = await run("resume", "shop", "barn", "SHOP-12");
  assert.equal(
    out,
    "Project shop goes on.\n" +
      "Project barn goes on, but for what is paused by itself.\n" +
      "Still paused: everything; chargehand resume --all\n" +
      "SHOP-12 goes on, and is active.\n",
  );
  assert.equal(
    (await run("resume", "--all")).out,
    "Everything goes on, but for what is paused by itself.\n" +
      "Still paused: project shop; chargehand resume shop\n" +
      "Still paused: 2 tasks; chargehand tasks --status paused\n",
  );
});

test("--json is the answer of the daemon and nothing else", async () => {
  const { out } = await run("stop-all", "--json");
  assert.deepEqual(JSON.parse(out), { pause: hold("all", "*", UNTIL), stopping: 3, running: 0 });
});

test("what is asked for wrongly is refused before the daemon is asked", async () => {
  const before = daemon.asked.length;
  const wrong: readonly (readonly [RegExp, string[]])[] = [
    [/say what: a name, or --all/, ["pause"]],
    [/name something, or say --all, and not both/, ["pause", "shop", "--all"]],
    [/say what: a name, or --all/, ["resume"]],
    [/with --until or with --for, and not with both/, ["pause", "shop", "--until", "07:00", "--for", "2h"]],
    [/with --until or with --for, and not with both/, ["stop-all", "--until", "07:00", "--for", "2h"]],
    [/such as 22:00/, ["pause", "shop", "--until", "25:00"]],
    [/It is over/, ["pause", "shop", "--until", "2026-01-01"]],
    [/must be a span/, ["pause", "shop", "--for", "-2h"]],
  ];
  for (const [says, args] of wrong) {
    const { code, err } = await run(...args);
    assert.equal(code, USAGE, args.join(" "));
    assert.match(err, says);
  }
  assert.equal(daemon.asked.length, before);
});
