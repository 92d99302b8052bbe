/** The pull request of a task at its forge: opened once, kept as it should be, and its threads answered once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../../forges/api/answer.ts";
import type { Pull } from "../../../forges/tell.ts";
import type { OutsideInForce, ToldProject } from "../../../notifier/outside/ports.ts";
import { outsideSender } from "../../../notifier/outside/sender.ts";
import { pullFaces } from "../../../notifier/pulls/faces.ts";
import { ask } from "../../../store/settle.ts";
import { outsideTarget } from "../../../workflow/outside/calls.ts";
import { aboutTask } from "../../../workflow/subject.ts";
import { mergingScene } from "../../daemon/merging/scene.ts";
import { reviewed } from "../../workflow/decide/pulls/pulls.ts";
import { memoryForge } from "../outside/tracker.ts";
import { POLICY } from "./scenes.ts";

type Trouble = { readonly verb: string; readonly when: "before" | "after" } | null;

/** A task whose work is published, and a forge that keeps its promises (T1), and may lose an answer. */
async function scene(t: Parameters<typeof mergingScene>[0]) {
  const base = await mergingScene(t);
  const { store, clock } = base;
  const key = await base.task(1);
  const host = {
    pulls: [] as Pull[],
    bodies: new Map<number, string>(),
    replies: [] as string[],
    reviews: [] as string[],
    resolved: [] as string[],
    open: [{ thread: "T11", comment: "11" }],
    trouble: null as Trouble,
  };
  const act = async <T>(verb: string, effect: () => T): Promise<Answer<T>> => {
    const lost: Answer<T> = { kind: "unreachable", reason: "cut off", neverSent: false };
    const { trouble } = host;
    if (trouble?.verb === verb && trouble.when === "before") return lost;
    const value = effect();
    return trouble?.verb === verb ? lost : { kind: "ok", value };
  };
  const { forge: bare } = memoryForge();
  const forge: typeof bare = {
    ...bare,
    pull: (wish) =>
      act("pull", () => {
        const found = host.pulls.find(({ state, number }) => number === wish.known || state === "open");
        const number = found?.number ?? 7 + host.pulls.length;
        const head = { branch: wish.head, commit: "c0ffee", repo: wish.repo };
        const pull: Pull = {
          ...{ number, url: `https://forge.example/${number}`, state: found?.state ?? "open", head },
          ...{ isDraft: wish.isDraft, base: wish.base, isMergeable: null },
        };
        host.pulls = [...host.pulls.filter((one) => one.number !== number), pull];
        host.bodies.set(number, wish.body);
        return pull;
      }),
    reply: (_repo, _number, { comment, mark, text }) =>
      act("reply", () => {
        const told = `${comment} ${mark} ${text}`;
        if (!host.replies.includes(told)) host.replies.push(told);
        return { id: mark, url: null };
      }),
    review: (_repo, number, { said, commit, mark }) =>
      act("review", () => {
        const told = `${number} ${said} ${commit} ${mark}`;
        if (!host.reviews.includes(told)) host.reviews.push(told);
        return { id: String(900 + host.reviews.indexOf(told)), url: null };
      }),
    resolve: (_repo, _number, thread) =>
      act("resolve", () => {
        host.resolved.push(thread);
        host.open = host.open.filter((one) => one.thread !== thread);
        return null;
      }),
  };
  const shop = base.projects.get("shop") ?? assert.fail();
  const project: ToldProject = {
    ...{ name: "shop", repo: "acme/shop", trackers: {}, baseBranch: "main" },
    publish: { ...shop.publish, to: "pull_request", pull: POLICY },
    tell: { comment: false, status: false, labels: {}, states: {} },
    ...{ command: "/agent", forge: "github", branchUrl: () => null },
  };
  const forges: OutsideInForce["forges"] = new Map([["github", forge]]);
  const asked = { openThreads: async () => ({ kind: "ok", value: host.open }) as const };
  const mute = async (): Promise<never> => assert.fail("it is said by another account");
  const silent = { ...forge, review: mute, reply: mute };
  const voices = new Map([["reviewer", forge]]);
  const sender = outsideSender({ store, clock }, forge, forge, asked as never);
  /** As `sender`, where only the further account may say anything. */
  const speaking = outsideSender({ store, clock }, forge, silent, asked as never, voices);
  /** What is wished for is written down, and what is owed is told. @returns what came of each call */
  const round = async (): Promise<readonly string[]> => {
    const task = (await store.tasks.get(key)) ?? assert.fail();
    const faces = await pullFaces(store, task, project, { forges }, (text) => text);
    await store.faces.wish(key, faces, clock.now());
    const due = await store.outbox.due(outsideTarget("github"), clock.now(), 10);
    const ends: string[] = [];
    for (const call of due) {
      const sent = await sender.send(call);
      if (sent.kind === "sent") await store.outbox.sent(call.id, clock.now());
      ends.push(`${call.kind} ${sent.kind}`);
    }
    return ends;
  };
  return { ...base, host, key, round, forge, speaking };
}

test("G4: it is opened once, whatever is lost on the way, and its row and its name are written down", async (t) => {
  const { store, host, key, round } = await scene(t);
  for (const when of ["before", "after"] as const) {
    host.trouble = { verb: "pull", when };
    assert.deepEqual(await round(), ["pull failed"]);
    assert.equal(await store.pulls.newest("shop", `chargehand/${key}`), null);
  }
  host.trouble = null;
  assert.deepEqual(await round(), ["pull sent"]);
  assert.deepEqual(
    host.pulls.map(({ number, isDraft }) => [number, isDraft]),
    [[7, false]],
    "it is to be merged, so it is no draft",
  );
  const row = await store.pulls.newest("shop", `chargehand/${key}`);
  assert.deepEqual([row?.number, row?.status, row?.isOurs, row?.task], [7, "open", true, key]);
  assert.deepEqual(await store.tasks.refs(key), [{ source: "github", kind: "pull", id: "acme/shop#7" }]);
  assert.deepEqual(await round(), [], "what stands there costs nothing");
});

test("G4: one that was merged without our hearing of it is found to be, and ends the wait for it", async (t) => {
  const { store, clock, host, key, round } = await scene(t);
  await round();
  host.pulls = host.pulls.map((pull) => ({ ...pull, state: "merged" }));
  const say = {
    kind: "say",
    project: "shop",
    by: { kind: "cli", name: "op" },
    key: "s",
    because: "x",
  } as const;
  const { facts } = reviewed("commented");
  await ask(store, [{ ...say, target: { key }, text: "a word", facts }], null, clock.now());
  const before = (await store.faces.ofTask(key)).find(({ aspect }) => aspect === "pull") ?? assert.fail();
  await store.faces.begin(before);
  await store.faces.wish(
    key,
    [
      {
        source: "github",
        place: "acme/shop",
        item: "",
        aspect: "pull",
        wish: { ...before.wish, body: "new" } as never,
      },
    ],
    clock.now(),
  );
  const [call] = await store.outbox.due(outsideTarget("github"), clock.now(), 10);
  assert.ok(call !== undefined);
  await round();
  assert.equal((await store.pulls.newest("shop", `chargehand/${key}`))?.status, "merged");
  assert.equal((await store.tasks.get(key))?.status, "done");
});

test("G6: a verdict is said by the account that it names, once, and the history has it by its review", async (t) => {
  const { store, clock, host, key, round, speaking } = await scene(t);
  await round();
  const wish = { number: 7, commit: "c0ffee", said: "approved", text: "Good.", by: "careful" } as const;
  const face = { source: "github", place: "acme/shop", item: "", aspect: "verdict-1" } as const;
  await store.faces.wish(key, [{ ...face, wish: { ...wish, as: "reviewer" } }], clock.now());
  const [call] = await store.outbox.due(outsideTarget("github"), clock.now(), 10);
  for (const when of ["before", "after", null] as const) {
    host.trouble = when === null ? null : { verb: "review", when };
    const sent = await speaking.send(call ?? assert.fail());
    assert.equal(sent.kind, when === null ? "sent" : "failed");
  }
  const { createdAt } = (await store.tasks.get(key)) ?? assert.fail();
  assert.deepEqual(host.reviews, [`7 approved c0ffee task-${key}-${createdAt.toString(36)}-verdict-1`]);
  const about = aboutTask(key);
  assert.equal(await store.events.has(about, "github:acme/shop!7:review:900"), true);
  const threads = [{ comment: "11", mark: "m", text: "t", resolves: false, as: "reviewer" }];
  const answers = { ...face, aspect: "threads", wish: { number: 7, threads } } as const;
  await store.faces.wish(key, [answers], clock.now());
  const owed = await store.outbox.due(outsideTarget("github"), clock.now(), 10);
  for (const one of owed.filter(({ kind }) => kind === "threads")) await speaking.send(one);
  assert.deepEqual(host.replies, ["11 m t"]);
});

test("G6: a thread is answered when its words were worked in, once, and closed", async (t) => {
  const { store, clock, host, key, round } = await scene(t);
  await round();
  const remarks = [{ comment: "11", path: "a.ts", line: 3, text: "name it" }];
  const review = reviewed("commented", { target: { key }, remarks });
  await ask(store, [review], null, clock.now());
  assert.deepEqual(await round(), [], "nobody has heard it");
  await ask(
    store,
    [{ kind: "merge_ended", task: key, seq: 2, outcome: { kind: "failed", reason: "no" } }],
    null,
    clock.now(),
  );
  const by = { kind: "cli", name: "op" } as const;
  const wish = { project: "shop", by, because: "x", target: { key } };
  await ask(store, [{ kind: "retry_task", ...wish, key: "r", from: "work" } as never], null, clock.now());
  const claim = (await store.jobs.claim({ run: "r9", concurrency: 9, now: clock.now() })) ?? assert.fail();
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 1_000, heard: 1 };
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  await store.runs.started("r9", claim.run.fence, plan, identity, clock.now());
  await store.runs.exited("r9", 0, null, clock.now());
  const found = { branch: `chargehand/${key}`, commit: "d00d", summary: "It is named @now.", session: null };
  const outcome = { status: "succeeded", ...found } as const;
  const about = {
    run: "r9",
    task: key,
    job: claim.job.id,
    fence: claim.run.fence,
    jitter: 0,
    maxAttempts: 1,
  };
  await ask(store, [{ kind: "run_finished", ...about, keptForMs: 1, outcome }], null, clock.now());
  for (const trouble of ["reply", "resolve"].flatMap(
    (verb) =>
      [
        { verb, when: "before" },
        { verb, when: "after" },
      ] as const,
  )) {
    host.trouble = trouble;
    assert.ok((await round()).includes("threads failed") || host.open.length === 0, JSON.stringify(trouble));
  }
  host.trouble = null;
  await round();
  assert.equal(host.replies.length, 1);
  assert.match(host.replies[0] ?? "", /^11 thread-11-r9 Worked in by d00d\.\n\n> It is named @\u200b?/);
  assert.deepEqual(host.resolved, ["T11"]);
  assert.deepEqual(await store.pulls.toAnswer(key), []);
  assert.ok(!(await round()).includes("threads sent"), "it is answered once");
});
