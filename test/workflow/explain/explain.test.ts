/** Why is this not running: every way of waiting has its sentence, its time and its remedy. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { howToOpen, NO_DOUBT } from "../../../workflow/account.ts";
import { type ExplainFacts, explain } from "../../../workflow/explain/explain.ts";
import type { Cause } from "../../../workflow/explain/lane.ts";
import type { Hold, WideHold } from "../../../workflow/hold.ts";
import type { Job } from "../../../workflow/job.ts";
import type { Kept } from "../../../workflow/kept.ts";
import type { Run } from "../../../workflow/run.ts";
import { jobMoves, runMoves, taskMoves } from "../../../workflow/states.ts";
import { NO_PINS, type Task } from "../../../workflow/task.ts";
import { question } from "../questions.ts";
import { NOW, SOON, wide } from "./wide-holds.ts";

const TASK: Task = {
  key: "SHOP-12",
  project: "shop",
  prefix: "SHOP",
  number: 12,
  title: "Sort the shelves",
  body: "",
  url: null,
  author: null,
  status: "active",
  reason: null,
  pausedAt: null,
  pausedUntil: null,
  workflow: "single",
  workflowHash: null,
  pins: NO_PINS,
  base: null,
  agents: {},
  agent: "developer",
  priority: 0,
  follows: null,
  branch: null,
  commit: null,
  files: null,
  version: 3,
  events: 2,
  createdAt: NOW - 90_000,
  updatedAt: NOW - 60_000,
  finishedAt: null,
};

const JOB: Job = {
  id: 7,
  task: "SHOP-12",
  project: "shop",
  phase: "work",
  agent: "developer",
  isFree: true,
  status: "queued",
  priority: 0,
  opens: false,
  fence: 1,
  run: null,
  holds: [],
  attempts: 0,
  transients: 0,
  interruptions: 0,
  repairs: 0,
  session: null,
  sessionAgent: null,
  sessionAccount: null,
  failure: null,
  reason: null,
  createdAt: NOW - 90_000,
  finishedAt: null,
};

const RUN: Run = {
  id: "01jrun",
  job: 7,
  task: "SHOP-12",
  project: "shop",
  phase: "work",
  agent: "developer",
  account: "claude-max",
  backend: "claude",
  model: null,
  effort: null,
  timeoutMs: null,
  heard: 0,
  fence: 1,
  status: "running",
  identity: { pid: 4_711, startTicks: 1, pgid: 4_710, leaderTicks: 1, bootId: "boot" },
  session: null,
  logOffset: 0,
  transcript: null,
  exitCode: null,
  signal: null,
  failure: null,
  reason: null,
  summary: null,
  ...{ branch: null, commit: null, files: null },
  stop: null,
  usage: [],
  claimedAt: NOW - 31_000,
  startedAt: NOW - 30_000,
  activeAt: null,
  exitedAt: null,
  finishedAt: null,
};

const MAX: ExplainFacts["accounts"][number] = {
  name: "claude-max",
  concurrency: null,
  ...NO_DOUBT,
  atWork: 0,
  probing: false,
};

const FREE: ExplainFacts = {
  task: TASK,
  jobs: [JOB],
  live: [],
  kept: [],
  freeze: null,
  approval: null,
  ci: null,
  checks: [],
  merge: null,
  question: null,
  lastRunAt: null,
  wide: [],
  routes: [{ via: "developer", account: "claude-max" }],
  accounts: [MAX],
  refusal: null,
  ahead: { count: 0, more: false },
};

function held(...holds: readonly Partial<Hold>[]): Job {
  const whole = holds.map(
    (hold): Hold => ({
      ...{ kind: "backoff", reason: "waits", remedy: null, until: null },
      ...hold,
    }),
  );
  return { ...JOB, status: "held", holds: whole };
}

/** The answer for the free task with these facts changed. */
function reasons(change: Partial<ExplainFacts>): readonly Cause[] {
  return explain({ ...FREE, ...change });
}

function first(change: Partial<ExplainFacts>): Cause {
  const [reason] = reasons(change);
  assert.ok(reason);
  return reason;
}

test("F7: a running task is running, since when, by which process, agent and account", () => {
  const running = { ...JOB, status: "running" } as const;
  assert.deepEqual(reasons({ jobs: [running], live: [RUN] }), [
    {
      about: "run",
      reason:
        "SHOP-12 is running since 2026-11-21 13:59:30 UTC (run 01jrun, pid 4711, agent developer, account claude-max)",
      since: NOW - 30_000,
      until: null,
      remedy: "watch it with: chargehand logs SHOP-12 --follow",
    },
  ]);
  const starting: Run = { ...RUN, status: "starting", identity: null, startedAt: null };
  assert.match(
    first({ jobs: [running], live: [starting] }).reason,
    /^an agent is being started .*\(run 01jrun, agent/,
  );
  assert.match(
    first({ jobs: [running], live: [{ ...RUN, stop: "cancelled" }] }).reason,
    /asked to stop \(cancelled\)/,
  );
  assert.match(first({ jobs: [running], live: [{ ...RUN, status: "exited" }] }).reason, /being put away/);
  assert.match(first({ jobs: [running] }).reason, /what follows is being decided/);
});

test("F7: a run whose work cannot be published says why, when it is tried again, and how to give it up", () => {
  const reason = "not published yet, next try at 2026-11-21 14:05:00 UTC: git push failed: refused";
  const told = first({ jobs: [{ ...JOB, status: "running" }], live: [{ ...RUN, status: "exited", reason }] });
  assert.ok(
    told.reason.startsWith(`its agent has ended, and its work is ${reason} (run 01jrun`),
    told.reason,
  );
  assert.equal(told.remedy, "mend that; or give it up with: chargehand cancel SHOP-12");
});

test("F7: a worktree that cannot be made is told with the keys that may be wrong", () => {
  const reason = "git fetch of branch mian from https://forge.example/shop failed: no such ref";
  const remedy = "unless it passes by itself, check clone_url and base_branch of project shop";
  const told = first({ jobs: [{ ...held({ until: SOON, remedy }), failure: "workspace", reason }] });
  assert.match(told.reason, /for another try \(workspace: git fetch of branch mian/);
  assert.match(told.remedy ?? "", /check clone_url and base_branch of project shop$/);
});

test("F7: a task that waits for another try says until when, and what went wrong", () => {
  const job: Job = {
    ...held({ reason: "waits before the next try: no route", until: SOON }),
    failure: "network",
    reason: "no route to the service",
  };
  assert.deepEqual(reasons({ jobs: [job], lastRunAt: NOW - 1_000 }), [
    {
      about: "job",
      reason: "waits until 2026-11-21 14:20:00 UTC for another try (network: no route to the service)",
      since: NOW - 1_000,
      until: SOON,
      remedy: null,
    },
  ]);
});

test("F7: a hold's reason and its remedy are told as they were recorded, whatever is in the sentence", () => {
  const reason =
    "the task's budget of $20.00 is used up ($17.21 used; a run may take $5.00); raise your voice; then wait";
  const remedy = "raise it with: chargehand budget raise SHOP-12 --usd AMOUNT";
  for (const kind of ["budget", "run_ending", "cooldown", "broken", "unconfigured"] as const) {
    for (const known of [remedy, null]) {
      const told = first({ jobs: [held({ kind, reason, remedy: known })] });
      assert.deepEqual([told.reason, told.remedy], [reason, known], kind);
    }
  }
});

test("F7: all holds of a job are told, then what is closed for everybody, because each would stop it", () => {
  const job = held(
    { kind: "run_ending", reason: "the previous run is still ending" },
    { kind: "unconfigured", remedy: "name it, or: chargehand cancel SHOP-12" },
  );
  const closed = wide("project", "shop", {
    kind: "budget",
    reason: "the day's budget of $9.00 is used up ($9.00 used)",
    remedy: "raise it for today with: X",
    until: SOON,
  });
  const told = reasons({ jobs: [job], live: [{ ...RUN, stop: "cancelled" }], wide: [closed] });
  assert.deepEqual(
    told.map(({ about }) => about),
    ["job", "job", "run", "project"],
  );
  assert.match(told[1]?.remedy ?? "", /chargehand cancel SHOP-12/);
  assert.deepEqual(
    [told[3]?.reason, told[3]?.remedy, told[3]?.until, told[3]?.since],
    ["the day's budget of $9.00 is used up ($9.00 used)", "raise it for today with: X", SOON, NOW - 5],
  );
});

test("F4: an account that cools down is told with its reset and the command that ends it", () => {
  const hold = wide("account", "claude-max", {
    ...{ kind: "cooldown", reason: "the weekly limit", until: SOON },
    remedy: "it opens by itself; earlier with: chargehand cooldown clear claude-max",
  });
  const [account, queue] = reasons({ wide: [hold] });
  assert.deepEqual(account, {
    about: "account",
    reason: "account claude-max is cooling down until 2026-11-21 14:20:00 UTC: the weekly limit",
    since: NOW - 5,
    until: SOON,
    remedy: "it opens by itself; earlier with: chargehand cooldown clear claude-max",
  });
  assert.equal(queue?.about, "queue");
});

test("F4: one closed account keeps nothing while another one is open; all of them are told when none is", () => {
  const routes = [
    { via: "developer", account: "claude-max" },
    { via: "developer", account: "claude-api" },
    { via: "fallback", account: "codex" },
  ];
  const accounts = ["claude-max", "claude-api", "codex"].map((name) => ({ ...MAX, name }));
  const mend = (scope: "account" | "agent", subject: string): WideHold =>
    wide(scope, subject, { remedy: howToOpen({ scope, subject, until: null }) });
  const broken = [mend("account", "claude-max"), mend("account", "claude-api")];
  assert.deepEqual(
    reasons({ routes, accounts, wide: broken }).map(({ about }) => about),
    ["queue"],
  );
  const told = reasons({ routes, accounts, wide: [...broken, mend("agent", "fallback")] });
  assert.deepEqual(
    told.map(({ about, remedy }) => [about, remedy]),
    [
      ["account", "mend it, then: chargehand cooldown clear claude-max"],
      ["account", "mend it, then: chargehand cooldown clear claude-api"],
      ["agent", "mend it, then: chargehand cooldown clear agent:fallback"],
      ["queue", null],
    ],
  );
});

test("an account that is full, or tried with one run, is told as that", () => {
  const full = { ...MAX, concurrency: 2, atWork: 2 };
  assert.match(first({ accounts: [full] }).reason, /^account claude-max has 2 of 2 runs at work$/);
  assert.equal(first({ accounts: [full] }).remedy, "raise accounts.claude-max.concurrency");
  const tried = { ...MAX, rearms: 1, until: NOW, atWork: 1, probing: true };
  assert.match(first({ accounts: [tried] }).reason, /being tried with one run/);
  assert.equal(first({ accounts: [{ ...tried, probing: false }] }).about, "queue");
});

test("F7: what the claim loop wrote down is told once, with its remedy, and the place in the queue after it", () => {
  const refusal = { reason: "3 of 3 agents are at work", remedy: "raise limits.concurrency", since: NOW - 9 };
  assert.deepEqual(
    reasons({ refusal, ahead: { count: 2, more: false } }).map(({ reason, remedy, since }) => [
      reason,
      remedy,
      since,
    ]),
    [
      ["3 of 3 agents are at work", "raise limits.concurrency", NOW - 9],
      ["2 queued jobs of its project are ahead of it", null, JOB.createdAt],
    ],
  );
  assert.match(first({ ahead: { count: 500, more: true } }).reason, /^at least 500 queued jobs/);
  assert.match(first({ ahead: { count: 1, more: false } }).reason, /^1 queued job of its project/);
  const account = wide("account", "claude-max", { reason: "refused" });
  const both = reasons({
    wide: [account],
    refusal: { reason: "account claude-max does not work: refused", remedy: null, since: 1 },
  });
  assert.deepEqual(
    both.map(({ about }) => about),
    ["account", "queue"],
  );
});

test("F7: a task that nothing holds is next in line", () => {
  assert.equal(first({}).reason, "nothing of its own holds it: it is next in line");
});

test("F7: every status that ends or halts a task is told, with the way back where there is one", () => {
  for (const status of taskMoves.statuses) {
    if (status === "active") continue;
    const task: Task = { ...TASK, status, reason: "because of this", finishedAt: NOW };
    const told = reasons({ task, jobs: [{ ...JOB, status: "cancelled" }], live: [RUN] });
    assert.deepEqual(
      told.map(({ about }) => about),
      ["task", "run"],
    );
    const [reason] = told;
    assert.match(reason?.reason ?? "", status === "done" ? /is done/ : /because of this/);
    const again = taskMoves.can("retry", status) ? "try it again with: chargehand retry SHOP-12" : null;
    const goesOn = taskMoves.can("resume", status) ? "chargehand resume SHOP-12" : again;
    assert.equal(reason?.remedy, goesOn, status);
  }
  const done: Task = {
    ...TASK,
    ...{ status: "done", branch: "chargehand/SHOP-12-x", commit: "c0ffee", files: 2, finishedAt: NOW },
  };
  assert.match(
    first({ task: done, jobs: [] }).reason,
    /on the branch chargehand\/SHOP-12-x \(commit c0ffee, 2 files\)$/,
  );
  assert.equal(
    first({ task: { ...done, commit: null }, jobs: [] }).reason,
    "SHOP-12 is done; nothing was changed, so nothing was pushed",
  );
});

test("I15: what is kept of a task is told with the command that publishes it", () => {
  const work: Kept = {
    ...{
      id: 1,
      task: "SHOP-12",
      project: "shop",
      run: "r",
      name: "ci",
      ref: "r",
      commit: "c0ffee",
      branch: "b",
    },
    ...{ files: 1, reason: "it changes CI files", remedy: null, status: "kept", keptAt: NOW },
    ...{ tellAt: NOW, toldAt: null, until: NOW + 5, finishedAt: null },
  };
  const done: Task = {
    ...TASK,
    status: "done",
    reason: "nothing was published; 1 work is kept",
    finishedAt: NOW,
  };
  const [end, told] = reasons({ task: done, jobs: [], kept: [work] });
  assert.equal(end?.reason, "SHOP-12 is done; nothing was published; 1 work is kept");
  assert.deepEqual(
    [told?.about, told?.reason, told?.remedy, told?.until],
    [
      "work",
      "its work ci (commit c0ffee, 1 file) is kept: it changes CI files",
      "publish it with: chargehand kept publish SHOP-12",
      NOW + 5,
    ],
  );
  const several = reasons({
    task: done,
    jobs: [],
    kept: [work, { ...work, name: "a'; rm -rf ~", remedy: "look" }],
  });
  assert.match(String(several[1]?.remedy), / SHOP-12 --name ci$/);
  assert.equal(
    several[2]?.remedy,
    "look; publish it with: chargehand kept publish SHOP-12 --name 'a'\\''; rm -rf ~'",
  );
});

test("I7: a task that is active without a job is told to be a defect, never nothing", () => {
  for (const jobs of [[], [{ ...JOB, status: "done" } as const]])
    assert.match(first({ jobs }).reason, /a defect of Chargehand/);
});

test("I7: there is an answer for every status of the job and of the run", () => {
  for (const status of jobMoves.statuses) {
    for (const live of [[], ...runMoves.live.map((run) => [{ ...RUN, status: run }])]) {
      const told = reasons({ jobs: [{ ...JOB, status, holds: held({}).holds }], live });
      assert.ok(told.length > 0, status);
      for (const { reason } of told) assert.ok(reason.length > 5, reason);
    }
  }
});

test("F7: a task that is blocked says whose word it waits for, what that is about, and how to give it", () => {
  const nobody = { votes: ["bob"], decidedBy: null, decidedFrom: null, reason: null, finishedAt: null };
  const asked = {
    id: 1,
    task: "SHOP-12",
    project: "shop",
    seq: 1,
    phase: "analysis",
    status: "pending",
  } as const;
  const about = { artifact: "ab".repeat(32), commit: null, askedAt: NOW - 5_000, until: NOW + 60_000 };
  const approval = { ...asked, ...nobody, ...about };
  const [cause] = explain({ ...FREE, task: { ...TASK, status: "blocked" }, jobs: [], approval });
  assert.deepEqual(cause, {
    about: "task",
    reason:
      "SHOP-12 waits for somebody to say whether its phase analysis is good (artifact abababababab); bob said yes",
    remedy:
      'look at it: chargehand artifacts SHOP-12 --text; then: chargehand approve SHOP-12, or: chargehand reject SHOP-12 --because "…"',
    since: NOW - 5_000,
    until: NOW + 60_000,
  });
});

test("F7: a task that is blocked by a question says what is asked, how to answer it, and what it waits for besides", () => {
  const asked = question({ askedAt: NOW - 5_000, until: NOW + 60_000 });
  const jobs = [held({ kind: "question", reason: "asks" }, { kind: "budget", reason: "the budget is used" })];
  const causes = explain({ ...FREE, task: { ...TASK, status: "blocked" }, jobs, question: asked });
  assert.deepEqual(causes[0], {
    about: "task",
    reason: "SHOP-12 waits for somebody to answer what its phase work asks (size, token): How to go on",
    remedy: "see it: chargehand questions SHOP-12; then: chargehand answer SHOP-12 NAME=VALUE",
    since: NOW - 5_000,
    until: NOW + 60_000,
  });
  assert.deepEqual(
    causes.slice(1).map(({ reason }) => reason),
    ["the budget is used"],
  );
});
