/** Leads a store through every verb it has, once, so that whoever listens hears every statement. */

import assert from "node:assert/strict";
import type { Store } from "../../store/store.ts";
import { NO_DOUBT } from "../../workflow/account.ts";
import type { Change } from "../../workflow/decide/change.ts";
import type { Hold } from "../../workflow/hold.ts";
import type { JobChange } from "../../workflow/job.ts";
import { type KeptChange, type KeptMove, keptMoves } from "../../workflow/kept.ts";
import { TURNS_MAX } from "../../workflow/limits.ts";
import type { Notice } from "../../workflow/outbox.ts";
import { NO_CONTEXT } from "../../workflow/outside/context.ts";
import { type CiMove, ciMoves } from "../../workflow/phases/ci.ts";
import { type MergeMove, mergeMoves } from "../../workflow/phases/merge.ts";
import { type PullChange, type PullMove, pullMoves } from "../../workflow/phases/pull.ts";
import { type JobMove, jobMoves, runMoves, type TaskMove, taskMoves } from "../../workflow/states.ts";
import { aboutTask } from "../../workflow/subject.ts";
import type { Override } from "../../workflow/windows/schedule.ts";
import { SINGLE } from "../../workflow/workflow.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { changeOf, creation, FIRST_JOB } from "../conformance/database.ts";
import { reportOne } from "../report-one.ts";
import { asks } from "../workflow/questions.ts";
import { schedule } from "../workflow/windows/schedules.ts";

const NOW = 1_750_000_000_000;
const PAGE = { limit: 10, before: null };

/** The database must be empty. */
export async function everyVerb(store: Store): Promise<void> {
  await store.projects.configure(
    {
      ...plainClaimConfig([{ name: "shop", concurrency: 5 }]),
      projects: [{ name: "shop", concurrency: 5, budget: [{ scope: "day", unit: "nanos", amount: 1e12 }] }],
    },
    NOW,
  );
  await everyDelivery(store);
  await everyTask(store);
  await everyRun(store);
  await everyMove(store);
  await everyLimit(store);
  await everyPause(store);
  await everyFreeze(store);
  await everyNeed(store);
  await everyWindow(store);
  await everyPace(store);
  await everyKept(store);
  await everyWatch(store);
  await everySlot(store);
  await everyPhase(store);
  await everyPull(store);
  await everyChat(store);
  await everyFace(store);
  await everyList(store);
  await everyDigest(store);
  await everyMetric(store);
  await store.totals(NOW);
}

async function everyFace({ faces, deliveries, tasks }: Store): Promise<void> {
  const [task] = (await tasks.list(PAGE)).items;
  const key = task?.key ?? assert.fail("there is no task");
  const face = { source: "github", place: "acme/shop", item: "1", aspect: "comment" } as const;
  await faces.wish(key, [{ ...face, wish: { text: "it begins" } }], NOW);
  const [made] = await faces.ofTask(key);
  assert.ok(made !== undefined);
  assert.ok((await faces.get(key, "github", "comment")) !== null);
  await faces.owe(NOW);
  await faces.begin(made);
  await faces.told(made, { id: "7", url: null }, NOW);
  await faces.refused(made, "it may not", NOW);
  await faces.renew();
  await faces.due(NOW, 10);
  await faces.nextDue(NOW);
  await faces.looked(key, "mark", false);
  await faces.putOff(key, NOW);
  const delivery = {
    source: "github",
    deliveryId: "told",
    headerId: null,
    event: "issues",
    body: "{}",
  } as const;
  const [recorded] = await deliveries.record([delivery], NOW);
  const once = { source: "github", place: "acme/shop", item: "1", person: "eve", about: "not_trusted" };
  const told = { subject: { kind: "project", name: "shop" }, calls: [], once } as const;
  assert.ok(await deliveries.finish(recorded?.id ?? 0, "ignored", "no", null, NOW, told));
}

async function everyChat({ chats, cards, messages }: Store): Promise<void> {
  const chat = "telegram:team";
  await chats.configure(chat, "settings", 0);
  await cards.adopt(chat, null, true);
  await cards.adopt(chat, ["shop"], true);
  await chats.renew(chat, "holds");
  for (const card of await cards.due(chat, NOW, NOW, 10)) {
    const drawn = { seen: "", seenActive: null, isAsked: false, isSettled: false, state: "queued" };
    await cards.drawn(card, drawn, NOW);
    await cards.putOff(card, NOW + 1);
  }
  await cards.nextDue(chat, NOW);
  const place = { chat, task: "SHOP-1", purpose: "card", about: "card SHOP-1", token: "t" } as const;
  const sent = { isPlain: false, after: null, replyTo: null, meaning: null, replaces: null };
  const id = (await messages.begin({ ...place, ...sent }, NOW)) ?? 0;
  await messages.loseOthers([id], NOW);
  await messages.lost(id, "no answer", NOW);
  await messages.due(chat, NOW, 1);
  await messages.nextDue(chat, NOW);
  await messages.putOff(id, null, NOW, true);
  assert.equal(await messages.arrived(id, "1", null, NOW), true);
  assert.equal(await messages.arrived(id, "2", null, NOW), false);
  await messages.edited(id, "digest", NOW);
  await messages.makePlain(id);
  await messages.standing(chat, place.about);
  await messages.find({ token: "t" });
  await messages.find({ chat, remote: "1" });
  await messages.find({ chat, remote: "nobody's" });
  await messages.remotes(chat);
  await messages.ofTask(chat, "SHOP-1");
  assert.ok((await messages.begin({ ...place, ...sent, token: "u", replaces: id }, NOW)) !== null);
  await messages.leave(id, NOW);
  await messages.end(id, null, NOW);
  await chats.noteNewest(chat, "1");
  await chats.close(chat, { reason: "kicked", remedy: "invite it" }, NOW, NOW);
  await chats.open(chat);
  await chats.moved(chat, "2", NOW);
  await chats.all();
}

async function everyDigest({ digests }: Store): Promise<void> {
  await digests.ended("done", NOW, NOW + 1);
  await digests.waiting();
  await digests.spent(NOW, NOW + 1);
}

async function everyMetric({ metrics }: Store): Promise<void> {
  await metrics.gauges();
  for (const rows of [metrics.deliveries, metrics.runs]) {
    await rows.newest();
    await rows.open(10);
    await rows.after(0, 10);
    await rows.these([1]);
  }
  await metrics.usage(["a"]);
}

async function everyPace({ pace }: Store): Promise<void> {
  const held = { scope: "account", subject: "developer", kind: "pace" } as const;
  const hold = { ...held, reason: "so much is used", remedy: null, until: NOW + 1 };
  await pace.stand([{ account: "developer", hold }], NOW);
  await pace.stand([{ account: "developer", hold: null }], NOW);
  await pace.reports();
  await pace.counted("developer", NOW);
}

async function everyDelivery({ deliveries }: Store): Promise<void> {
  const delivery = { source: "github", headerId: null, event: "issues", body: "{}" } as const;
  const ids = ["a", "b", "a"].map((deliveryId) => ({ ...delivery, deliveryId }));
  const [first, second] = await deliveries.record(ids, NOW);
  await deliveries.due(NOW, 10, { besides: [] });
  await deliveries.nextDue({ besides: [] });
  await deliveries.isBehind(second?.id ?? 0, "shop#1");
  await deliveries.defer(first?.id ?? 0, "shop#1", "waits", NOW);
  await deliveries.finish(first?.id ?? 0, "ignored", "not ours", null, NOW);
  await deliveries.finish(second?.id ?? 0, "failed", "no project", null, NOW);
  const ending = { status: "processed", reason: null, task: null, notice: null } as const;
  await deliveries.conclude(second?.id ?? 0, ending, NOW);
  await deliveries.replay(first?.id ?? 0, NOW);
}

async function everyTask({
  commit,
  tasks,
  follow,
  deliveries,
  events: history,
  outbox,
  retention,
}: Store): Promise<void> {
  const ref = { source: "github", kind: "issue", id: "acme/shop#1" } as const;
  const events = [{ kind: "task.created", key: "github:1" }];
  const calls = [1, 2, 3].map((number) => ({ target: "github", kind: "comment", payload: { number } }));
  const [delivery] = await deliveries.due(NOW, 1, { only: "github" });
  const full = creation("shop", 1, { refs: [ref], events, outbox: calls });
  assert.equal((await commit([full], delivery?.id ?? null, NOW)).kind, "committed");
  await commit([creation("shop", 1)], null, NOW);
  await commit([creation("shop", null, { replaces: "SHOP-1" })], null, NOW);
  await tasks.find("shop", [ref]);
  await tasks.findByBranch("shop", "fix");
  await tasks.findByCommit("shop", "c0ffee");
  const followed = await tasks.get("SHOP-1");
  if (followed !== null) await follow.newest(followed);
  await follow.by("SHOP-1");
  await follow.unheard();
  await tasks.refs("SHOP-1");
  const about = aboutTask("SHOP-1");
  await history.of(about, 0, 10);
  await history.has(about, "github:1");
  await history.count(about, "task.created", NOW);
  const event = { kind: "account.broken", key: "team broken" };
  await history.notice({ kind: "account", name: "team" }, event, calls, NOW);
  await everyCall(outbox);
  await retention.deliveries(0, NOW + 1);
  await retention.events(0, NOW + 1);
  await retention.calls(0, NOW + 1);
  await tasks.keepNumbers(await tasks.numbers());
}

async function everyCall(outbox: Store["outbox"]): Promise<void> {
  await outbox.owed();
  const [one, two, three] = await outbox.due("github", NOW, 10);
  assert.ok(one !== undefined && two !== undefined && three !== undefined);
  await outbox.begin(one, NOW);
  await outbox.putOff({ id: one.id, tries: 1 }, "timeout", NOW, true);
  await outbox.sent(two.id, NOW);
  await outbox.bury(three, "gone", NOW);
  await outbox.split(one, [], NOW);
  await outbox.retry(three.id, NOW);
  await outbox.drop(three.id, NOW);
  await outbox.get(one.id);
  await outbox.counts();
  await outbox.buryTarget("github", "gone", NOW);
  await outbox.buryAll("restored", NOW);
  await outbox.givenUp("outbox.dead");
}

async function everyPause({ pauses }: Store): Promise<void> {
  const pause = { kind: "pause", reason: "so", remedy: null, until: NOW } as const;
  for (const stops of [true, false]) {
    await pauses.put({ scope: "project", subject: "shop", ...pause }, stops, NOW);
    await pauses.put({ scope: "all", subject: "*", ...pause }, stops, NOW);
  }
  await pauses.due(NOW);
  await pauses.nextDue();
  await pauses.countTasks();
}

async function everyFreeze({ freezes }: Store): Promise<void> {
  const freeze = { project: "shop", by: "ada", because: "so", key: "api:1:ada" };
  assert.equal(await freezes.put(freeze, NOW), true);
  await freezes.of("shop");
  await freezes.projects("shop");
  assert.equal(await freezes.lift({ ...freeze, key: "api:2:ada" }, NOW), true);
}

async function everyNeed({ between, commit, tasks }: Store): Promise<void> {
  const wanted = ["SHOP-1"];
  const seen = await between.look({ task: "SHOP-2", project: "shop", wanted, leaves: [] });
  const [need] = seen.wanted;
  assert.ok(need !== undefined);
  const add = { change: "add", needs: need.key, version: need.version, number: seen.lastEdge + 1 } as const;
  const line = { project: "shop", version: 0 };
  const { version } = (await tasks.get("SHOP-2")) ?? assert.fail("there is no such task");
  const added = await commit([changeOf("SHOP-2", { dependencies: [add], line }, version)], null, NOW);
  assert.equal(added.kind, "committed");
  await between.needs("SHOP-2");
  await between.dependents("SHOP-1");
  await between.next("shop", "SHOP-1");
  await between.overdue();
  await between.stuck(NOW);
  const drop = { change: "drop", needs: need.key } as const;
  await commit([changeOf("SHOP-2", { dependencies: [drop] }, version + 1)], null, NOW);
}

async function everyRun({ commit, jobs, runs, turns, holds }: Store): Promise<void> {
  const taken =
    (await jobs.claim({ run: "r", concurrency: 5, now: NOW })) ?? assert.fail("nothing was claimed");
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  const plan = { backend: "claude", model: null, effort: null, timeoutMs: 60_000, heard: 0 };
  await runs.describe("r", plan);
  assert.equal(await runs.started("r", taken.run.fence, plan, identity, NOW), true);
  assert.equal(await runs.began("r", 30_000, NOW), true);
  const tokens = {
    inputTokens: 1,
    outputTokens: 1,
    cacheReadTokens: 1,
    cacheCreationTokens: 1,
    reasoningTokens: 1,
  };
  const usage = [{ model: "m", ...tokens, costNanos: 5, costSource: "agent" as const }];
  const told = { status: "answered", requestId: null, latencyMs: null, at: null } as const;
  const newTurns = usage.map((one) => ({ number: TURNS_MAX + 1, usage: one, ...told }));
  const progress = {
    ...{ logOffset: 1, transcript: "{}", session: null, model: null, usage, activeAt: NOW },
    turns: { turns: newTurns, areAll: true },
  };
  assert.equal(await reportOne(runs, "r", progress), true);
  await turns.of("r", 0, 10);
  await turns.ofSession("s", "claude");
  await turns.forget("r");
  await runs.askToStop("r", "timeout");
  await runs.stopsAsked();
  assert.deepEqual(await runs.beginning("r"), ["r"]);
  await runs.live();
  await runs.countLive("SHOP-1");
  await runs.exited("r", 0, null, NOW);
  await runs.publishing("r", NOW);
  await runs.unpublished("r", "the remote is down");
  await commit([changeOf("SHOP-1", { stopRuns: "cancelled" })], null, NOW);
  await holds.releaseDue(NOW);
  await holds.nextDue();
  await jobs.get(taken.job.id);
  await jobs.ahead(taken.job);
  await jobs.ahead(taken.job);
  await jobs.ofTask("SHOP-1");
}

/** Most of these are refused, and their text is heard all the same: a batch is heard before it is run. */
async function everyMove({ commit }: Store): Promise<void> {
  const told = { id: "r", failure: null, reason: null, summary: null, session: null };
  const hold = { kind: "backoff", reason: "waits", remedy: null, until: NOW } as const;
  for (const change of Object.keys(taskMoves.moves) as TaskMove[]) {
    await commit([{ ...changeOf("SHOP-1"), task: { change } }], null, NOW);
  }
  for (const change of Object.keys(jobMoves.moves) as (keyof typeof jobMoves.moves)[]) {
    if (change === "claim") continue;
    await commit([changeOf("SHOP-1", { jobs: [moveOf(change, hold), FIRST_JOB] })], null, NOW);
  }
  for (const change of Object.keys(runMoves.moves) as (keyof typeof runMoves.moves)[]) {
    await commit([changeOf("SHOP-1", { run: { change, ...told } })], null, NOW);
  }
}

function moveOf(change: Exclude<JobMove, "claim">, hold: Hold): JobChange {
  const job = { id: 1, fence: 9 };
  if (change === "hold") return { change, ...job, hold };
  if (change === "release") return { change, ...job, kind: hold.kind };
  return { change, ...job, holds: change === "retry" ? [hold] : [] };
}

async function everySlot({ commit, recurring }: Store): Promise<void> {
  const slot = { schedule: "nightly", at: NOW + 60_000, local: "03:00" };
  await recurring.configure([{ name: "nightly", pattern: "0 3 * * * UTC" }], NOW);
  await recurring.states();
  const fired = creation("shop", null, { slot: { ...slot, by: "time" } });
  assert.equal((await commit([fired], null, NOW)).kind, "committed");
  await recurring.standing(slot);
  await recurring.newestTask("nightly");
  await recurring.skip([{ ...slot, at: NOW + 120_000, local: "04:00", reason: "missed" }], NOW);
  await recurring.setBack("nightly", NOW + 120_000, NOW);
  await recurring.slots("nightly", 10);
  await recurring.prune("nightly");
}

/** What lies on more than one job, and the money. */
async function everyPhase({
  commit,
  phases,
  snapshots,
  approvals,
  ci,
  merges,
  questions,
  workflows,
  repositories,
  tasks,
}: Store): Promise<void> {
  const said = { project: "shop", origin: "o", commit: "c", trouble: null, since: NOW };
  await repositories.keep({ ...said, good: { workflow: SINGLE, commit: "c" } }, NOW);
  await repositories.get("shop");
  await repositories.list();
  await repositories.awaiting();
  await snapshots.ofTask("SHOP-1");
  await workflows.ofTask((await tasks.get("SHOP-1")) ?? assert.fail());
  const entered = { phase: "work", role: "developer", agent: "developer", cycle: 1, pass: 1 } as const;
  const put = async (more: Partial<Change>): Promise<void> => {
    const version = (await tasks.get("SHOP-1"))?.version ?? 0;
    const base = { key: "SHOP-1", version };
    assert.equal((await commit([{ ...changeOf("SHOP-1", more), base }], null, NOW)).kind, "committed");
  };
  await put({
    phases: [
      { change: "pass_by", ...entered, seq: 1 },
      { change: "enter", ...entered, cycle: 2, seq: 2 },
      { change: "trouble", seq: 2, trouble: "t" },
      { change: "validate", seq: 2, verdict: "v", artifact: "a", commit: "c", summary: "s", session: null },
      { change: "gate", seq: 2 },
    ],
    artifacts: [
      {
        ...{ seq: 2, phase: "work", cycle: 2, run: "r", path: "a.json", sha256: "a" },
        bytes: 2,
        text: "{}",
        isValid: true,
        problems: [],
      },
    ],
    approvals: [{ change: "ask", seq: 2, phase: "work", artifact: "a", commit: "c", until: NOW }],
    ci: [
      { change: "ask", seq: 2, phase: "work", commit: "c", until: NOW, dueAt: NOW },
      { change: "hear", seq: 2 },
    ],
    reported: { commit: "c", checks: [{ name: "test", status: "success", url: null, summary: null }] },
    feedback: [{ by: "ada", from: "cli", text: "t" }],
  });
  await ci.due(NOW);
  await ci.nextDue();
  await put({ ci: [{ change: "pass", seq: 2, reason: "good" }] });
  for (const change of Object.keys(ciMoves.moves) as CiMove[])
    await commit([changeOf("SHOP-1", { ci: [{ change, seq: 2, reason: "late" }] })], null, NOW);
  await put({ merges: [{ change: "ask", seq: 2, phase: "work" }] });
  await merges.due(NOW);
  await merges.nextDue();
  await merges.wait({ task: "SHOP-1", seq: 2 }, "checks", "checks are awaited", NOW);
  await put({ merges: [{ change: "hasten", seq: 2 }] });
  await merges.delay({ task: "SHOP-1", seq: 2 }, "the remote is down", NOW + 1);
  await put({ merges: [{ change: "finish", seq: 2, reason: "merged" }] });
  for (const change of Object.keys(mergeMoves.moves) as MergeMove[])
    await commit([changeOf("SHOP-1", { merges: [{ change, seq: 2, reason: "late" }] })], null, NOW);
  await merges.ofTask("SHOP-1");
  await ci.newest("SHOP-1");
  await ci.ofTask("SHOP-1");
  await ci.checks("SHOP-1", "c");
  const { id } = (await approvals.newest("SHOP-1")) ?? assert.fail();
  const by = { kind: "cli", name: "ada" } as const;
  await put({ approvals: [{ change: "vote", id, by: "bob" }], heard: { run: "r", upTo: 1 } });
  await put({
    approvals: [{ change: "approve", id, by, reason: null }],
    phases: [{ change: "complete", seq: 2 }],
  });
  const ask = { change: "ask", seq: 2, phase: "work", ...asks({}, "h"), until: NOW } as const;
  await put({ questions: [ask] });
  const first = (await questions.standing("SHOP-1", "h")).question ?? assert.fail();
  await put({
    questions: [{ change: "answer", id: first.id, answers: { size: "small" }, by, secrets: "s" }, ask],
  });
  const second = (await questions.standing("SHOP-1", null)).question ?? assert.fail();
  await put({ questions: [{ change: "expire", id: second.id }, ask] });
  const third = (await questions.standing("SHOP-1", null)).question ?? assert.fail();
  await put({ questions: [{ change: "withdraw", id: third.id }] });
  await questions.get(first.id);
  await questions.ofTask("SHOP-1");
  await questions.due(NOW);
  await questions.nextDue();
  await phases.ofTask("SHOP-1");
  await phases.artifacts({ task: "SHOP-1", limit: 9, before: null });
  await phases.inputs("SHOP-1");
  await approvals.ofTask("SHOP-1");
  await approvals.due(NOW);
  await approvals.nextDue();
  await approvals.unheard("SHOP-1");
  await approvals.lastSaid("SHOP-1");
}

async function everyWindow({ windows }: Store): Promise<void> {
  await windows.keep(schedule());
  await windows.schedules();
  const said: Override = {
    ...{ schedule: "nights", verdict: "open", cause: "person", since: NOW, until: NOW },
    ...{ by: "ann", reason: null },
  };
  const notice: Notice = {
    ...{ kind: "window.closed", project: null, message: "closed", reason: null, remedy: null },
  };
  await windows.override(said);
  await windows.overrides();
  await windows.closeForCrashes(said, "crash_limit 1", notice, await windows.said());
  await windows.clearOverride("nights");
  await windows.remove("nights");
  const about = { scope: "project", subject: "shop", kind: "window" } as const;
  const opening = {
    ...{ key: "nights 1", until: NOW, spreadFrom: NOW - 1 },
    limits: [{ unit: "runs", amount: 1 }],
  } as const;
  const hold = { ...about, reason: "closed", remedy: null, until: NOW };
  await windows.stand(
    [{ project: "shop", stretch: { from: NOW, until: NOW, slots: 1, agent: null, opening }, hold }],
    NOW,
    await windows.said(),
  );
  await windows.stretches();
  await windows.openings();
  await windows.stand([{ project: "shop", stretch: null, hold: null }], NOW, await windows.said());
}

async function everyLimit({ commit, holds, accounts, budgets, projects, lanes, runs }: Store): Promise<void> {
  await holds.put(
    { scope: "project", subject: "shop", kind: "budget", reason: "used up", remedy: null, until: NOW },
    NOW,
  );
  await holds.releaseDue(NOW);
  await holds.nextDue();
  await holds.wide();
  await holds.clear("agent", "developer", "broken");
  const account = (await accounts.get("developer")) ?? assert.fail("there is no account");
  const parked = { account: { believed: account, ...NO_DOUBT, until: NOW, rearms: 1 } };
  const raises = [{ scope: "task", unit: "nanos", amount: 1 }] as const;
  const wideHolds = [
    { scope: "account", subject: "developer", kind: "cooldown", reason: "limit", remedy: null, until: NOW },
  ] as const;
  await commit([changeOf("SHOP-2", { ...parked, raises, wideHolds })], null, NOW);
  await accounts.list();
  await accounts.routes();
  await accounts.clear("developer");
  await budgets.standings({ project: "shop", task: "SHOP-1", phase: "work" }, NOW);
  await budgets.projects();
  await budgets.raise("shop", "day", "nanos", 1, NOW);
  await projects.names();
  await projects.budgetDigests();
  await projects.keepBudgetDigests(new Map([["shop", "digest"]]));
  await lanes.waiting();
  await lanes.countAtWork();
  await lanes.refuse([{ project: "shop", agent: "developer", reason: "full", remedy: null }], NOW);
  await lanes.refuse([], NOW);
  await lanes.refusals();
  await runs.sessionUsage("s", "claude", "r");
}

async function everyPull({ commit, pulls, revisions, contexts, loops }: Store): Promise<void> {
  const name = { source: "github", repo: "acme/shop", number: 7 } as const;
  const pull = { ...name, branch: "b", url: "u", isDraft: true, isOurs: true, commit: "c0ffee" };
  const thread = { ...name, comment: "11", by: "ann", path: "a.ts", line: 1 };
  const put = (one: PullChange) => commit([changeOf("SHOP-2", { pulls: [one] })], null, NOW);
  await put({ change: "record", pull });
  await put({ change: "push", ...name, commit: "d00d" });
  await put({ change: "thread", ...thread });
  for (const change of Object.keys(pullMoves.moves) as PullMove[])
    await put({ change, ...name, by: "ann", mergedAs: null, commit: null });
  await pulls.newest("shop", "b");
  await pulls.get(name);
  await pulls.open("shop", name);
  await pulls.toAnswer("SHOP-2");
  await pulls.answered(thread, NOW);
  await commit([changeOf("SHOP-2", { revision: { title: "t", body: "b", by: "ann" } })], null, NOW);
  await revisions.ofTask("SHOP-2");
  await commit([changeOf("SHOP-2", { context: NO_CONTEXT })], null, NOW);
  await contexts.ofTask("SHOP-2");
  await loops.note([{ key: "shop robots", at: NOW, isTripped: false }], NOW);
  await loops.since(NOW);
}

async function everyWatch({ watches, changes, waiting }: Store): Promise<void> {
  await watches.put({ source: "github", place: "acme/shop", kind: "items", since: NOW, etag: null });
  await watches.of("github", "acme/shop");
  await changes.note(1, "k");
  await changes.before(1, "github", "k");
  await changes.isTold("github", ["k"]);
  await changes.stored("github", ["d"]);
  await changes.heard("github");
  await changes.forget(1);
  await waiting.items("github");
  await waiting.commits();
}

async function everyKept({ commit, kept }: Store): Promise<void> {
  const work = {
    ...{ name: "fix", ref: "refs/chargehand/kept/SHOP-2/fix", commit: "c0ffee", branch: "fix" },
    ...{ files: 1, reason: "it changes CI files", remedy: null },
  };
  const put: KeptChange = { change: "keep", run: "r", work, tellAt: NOW, until: NOW };
  await commit([changeOf("SHOP-2", { kept: [put] })], null, NOW);
  await kept.toTell(NOW, 0, 10);
  await kept.toExpire(NOW, 0, 10);
  await kept.ofTask("SHOP-2");
  await kept.count();
  await commit([changeOf("SHOP-2", { kept: [{ change: "tell", id: 1, until: NOW }] })], null, NOW);
  for (const change of Object.keys(keptMoves.moves) as KeptMove[])
    await commit([changeOf("SHOP-2", { kept: [{ change, id: 1, commit: "c0ffee" }] })], null, NOW);
  await kept.list(PAGE);
  await kept.list({ ...PAGE, status: "kept" });
  await kept.list({ ...PAGE, project: "shop", status: "kept" });
  await kept.list({ ...PAGE, task: "SHOP-2", status: "kept" });
}

async function everyList({ deliveries, tasks, jobs, runs, outbox }: Store): Promise<void> {
  await Promise.all([
    deliveries.list(PAGE),
    tasks.list(PAGE),
    jobs.list(PAGE),
    runs.list(PAGE),
    outbox.list(PAGE),
  ]);
  await Promise.all([
    deliveries.list({ ...PAGE, source: "github" }),
    deliveries.list({ ...PAGE, status: "failed" }),
    tasks.list({ ...PAGE, project: "shop" }),
    tasks.list({ ...PAGE, status: "done" }),
    tasks.list({ ...PAGE, ready: true }),
    jobs.list({ ...PAGE, project: "shop" }),
    jobs.list({ ...PAGE, status: "done" }),
    jobs.list({ ...PAGE, task: "SHOP-1" }),
    runs.list({ ...PAGE, project: "shop" }),
    runs.list({ ...PAGE, status: "lost" }),
    runs.list({ ...PAGE, task: "SHOP-1" }),
    outbox.list({ ...PAGE, status: "dead" }),
    outbox.list({ ...PAGE, target: "github" }),
    deliveries.get(1),
  ]);
}
