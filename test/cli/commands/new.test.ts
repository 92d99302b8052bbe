/** `new`: what it posts, and what it says. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../scripted-daemon.ts";

const [USAGE, NOT_FOUND] = [2, 4] as const;
const AT = "2026-01-15T15:00:00.000Z";
const LATER = {
  ...TASK,
  jobs: [{ id: 7, phase: "work", agent: "developer", status: "held", holds: [hold(AT)] }],
};

function hold(until: string): Readonly<Record<string, unknown>> {
  return { kind: "not_before", reason: "operator wants it to begin later", remedy: null, until };
}

/** By the project that is asked for. */
const ANSWERS: Readonly<Record<string, ReturnType<typeof json>>> = {
  shop: json(TASK, 201),
  later: json(LATER, 201),
  shpo: problem(404, 'there is no project shpo; did you mean "shop"?'),
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /tasks": (request, response, body) => {
      const { project } = JSON.parse(body) as { project: string };
      return ANSWERS[project]?.(request, response, body);
    },
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(["new", ...args], knowing(daemon));

test("A7: a task is made by hand, and how to follow it is said", async () => {
  const { code, out } = await run("shop", "Sort the shelves", "--body", "By height.", "--priority", "-5");
  assert.equal(code, 0);
  assert.equal(out, "SHOP-12 waits for an agent. Follow it with: chargehand logs SHOP-12 --follow\n");
  const wanted = { project: "shop", title: "Sort the shelves", body: "By height.", priority: -5 };
  assert.deepEqual(JSON.parse(daemon.asked.at(-1)?.body ?? ""), wanted);
});

test("D1: what a task chooses for itself is posted, and a role that is said wrongly is a slip of the hand", async () => {
  const pins = ["--workflow", "pipeline", "--base", "release", "--model", "opus", "--effort", "high"];
  const roles = ["--role", "reviewer=careful", "--role", "tester=quick=1"];
  assert.equal((await run("shop", "Sort the shelves", ...pins, ...roles)).code, 0);
  assert.deepEqual(JSON.parse(daemon.asked.at(-1)?.body ?? ""), {
    ...{ project: "shop", title: "Sort the shelves", workflow: "pipeline" },
    agents: { reviewer: "careful", tester: "quick=1" },
    ...{ base_branch: "release", model: "opus", effort: "high" },
  });
  for (const wrong of [
    ["--role", "reviewer"],
    ["--role", "=x"],
    ["--role", "a=b", "--role", "a=c"],
  ])
    assert.equal((await run("shop", "x", ...wrong)).code, USAGE, wrong.join(" "));
});

test("A7: it begins at a time, or after a span; the daemon is told the instant, and people when that is", async () => {
  for (const when of [
    ["--in", "3h"],
    ["--at", "2026-01-15T15:00Z"],
  ]) {
    const { out } = await run("later", "Sort the shelves", ...when);
    assert.equal(JSON.parse(daemon.asked.at(-1)?.body ?? "").not_before, AT);
    assert.match(
      out,
      /^SHOP-12 begins at 2026-01-1\d \d\d:\d\d \(in 3h\)\. Earlier with: chargehand resume SHOP-12\n$/,
    );
  }
});

test("a body of - is read from standard input", async () => {
  await chargehand(
    ["new", "shop", "Sort", "--body", "-"],
    knowing(daemon),
    null,
    undefined,
    "first\nsecond\n",
  );
  assert.equal(JSON.parse(daemon.asked.at(-1)?.body ?? "").body, "first\nsecond\n");
});

test("what is asked for wrongly is refused before the daemon is asked; an unknown project by the daemon", async () => {
  const before = daemon.asked.length;
  const wrong: readonly (readonly [RegExp, string[]])[] = [
    [/with --at or with --in, and not with both/, ["shop", "Sort", "--at", "22:00", "--in", "3h"]],
    [/'25:00' is invalid\. It must be a time such as 22:00/, ["shop", "Sort", "--at", "25:00"]],
    [/must be a span such as/, ["shop", "Sort", "--in", "soon"]],
    [/It is over/, ["shop", "Sort", "--at", "2026-01-15T11:00Z"]],
    [/whole number from -1000 to 1000/, ["shop", "Sort", "--priority", "1001"]],
    [/missing required argument 'title'/, ["shop"]],
  ];
  for (const [says, args] of wrong) {
    const { code, err } = await run(...args);
    assert.equal(code, USAGE, args.join(" "));
    assert.match(err, says);
  }
  assert.equal(daemon.asked.length, before);
  const { code, err } = await run("shpo", "Sort");
  assert.equal(code, NOT_FOUND);
  assert.match(err, /did you mean "shop"\?/);
});
