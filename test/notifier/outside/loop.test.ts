/** When something is told of a task outside, and when nothing is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { createOutside, EDIT_MS } from "../../../notifier/outside/loop.ts";
import type { OutsideInForce, ToldProject } from "../../../notifier/outside/ports.ts";
import { outsideSender } from "../../../notifier/outside/sender.ts";
import type { Sent } from "../../../notifier/ports.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import type { Clock } from "../../../system/clock.ts";
import { createWake } from "../../../system/wake.ts";
import type { Change } from "../../../workflow/decide/change.ts";
import { creation } from "../../conformance/database.ts";
import { mergingScene } from "../../daemon/merging/scene.ts";
import { heardLog, memoryStore } from "../../handlers/hand-moved.ts";
import { manualTime } from "../../system/manual-time.ts";
import { NOW } from "../calls.ts";
import { type MemoryForge, memoryForge } from "./tracker.ts";

const PROJECT: ToldProject = {
  ...{ name: "shop", repo: "acme/shop", trackers: {}, command: "/agent", forge: "github" },
  branchUrl: () => null,
  tell: { comment: true, status: false, labels: {}, states: {} },
};
const ISSUE = { source: "github", kind: "issue", id: "acme/shop#12" } as const;

interface Scene {
  readonly store: Store;
  readonly clock: Clock;
  readonly forge: MemoryForge;
  inForce: OutsideInForce;
  /** Lets the loop look, and makes the calls that are owed; answers what became of each. */
  look(): Promise<readonly Sent[]>;
  pass(ms: number): Promise<void>;
  make(number: number, more?: Partial<Change>): Promise<void>;
  pause(why: string): Promise<void>;
  text(): string | undefined;
}

async function scene(project: ToldProject = PROJECT, given: Store | null = null): Promise<Scene> {
  const time = manualTime();
  const clock: Clock = { ...time.clock, now: () => NOW + time.clock.now() };
  const store = given ?? (await memoryStore());
  const forge = memoryForge();
  const hosts = new Map([["github", forge.forge]]);
  const wake = createWake(clock);
  const it: Scene = {
    ...{ store, clock, forge },
    inForce: { trackers: hosts, forges: hosts, projects: new Map([["shop", project]]) },
    async look() {
      wake.ring();
      for (let turns = 0; turns < 200; turns++) await turn();
      const made: Sent[] = [];
      for (const call of await store.outbox.due("forge:github", clock.now(), 20)) {
        await store.outbox.begin(call, clock.now());
        const sent = await outsideSender({ store, clock }, forge.forge, forge.forge).send(call);
        if (sent.kind === "sent") await store.outbox.sent(call.id, clock.now());
        if (sent.kind === "refused")
          await store.outbox.bury({ id: call.id, tries: call.tries + 1 }, sent.reason, clock.now());
        made.push(sent);
      }
      return made;
    },
    async pass(ms) {
      await time.pass(ms);
      for (let turns = 0; turns < 200; turns++) await turn();
    },
    async make(number, more = { refs: [ISSUE] }) {
      await store.commit([creation("shop", number, more)], null, clock.now());
    },
    async pause(why) {
      const by = { kind: "api", name: "ada" } as const;
      const asked = { project: "shop", by, key: `pause ${why}`, because: "test", target: { key: "SHOP-1" } };
      const resume = { kind: "resume_task", ...asked, key: `resume ${why}`, onlyDue: false } as const;
      await ask(store, [resume], null, clock.now());
      await ask(store, [{ kind: "pause_task", ...asked, why, until: null }], null, clock.now());
    },
    text: () => forge.comments.get("acme/shop#12")?.[0]?.text,
  };
  const end = new AbortController();
  test.after(() => end.abort());
  const ports = { store, clock, log: heardLog(), redact: (text: string) => text };
  void createOutside({ ...ports, inForce: () => it.inForce }).run(wake, end.signal);
  return it;
}

test("a task has one comment at its issue, which is edited where it stands", async () => {
  const it = await scene();
  await it.make(1);
  await it.pass(100);
  assert.deepEqual(await it.look(), [{ kind: "sent" }]);
  assert.match(it.text() ?? "", /SHOP-1.*Held/);
  await it.pass(EDIT_MS);
  await it.pause("lunch");
  await it.pass(5_000);
  await it.look();
  assert.match(it.text() ?? "", /Paused/);
  assert.equal(it.forge.comments.get("acme/shop#12")?.length, 1);
});

test("T4: of tasks that have published the same commit the newest alone tells its status", async (t) => {
  const tell = { ...PROJECT.tell, status: true };
  const { store, task } = await mergingScene(t);
  const keys = [await task(1), await task(2)];
  const it = await scene({ ...PROJECT, tell }, store);
  await it.pass(100);
  await it.look();
  assert.deepEqual(
    await Promise.all(keys.map(async (key) => (await store.faces.ofTask(key)).map(({ aspect }) => aspect))),
    [[], ["status"]],
  );
  assert.deepEqual([...it.forge.statuses.keys()], ["acme/shop@c0ffee chargehand/shop"]);
});

test("T1: an idle task costs no call, also after a reload", async () => {
  const it = await scene();
  await it.make(1);
  await it.pass(100);
  await it.look();
  it.inForce = { ...it.inForce };
  for (let times = 0; times < 5; times++) {
    await it.pass(60_000);
    assert.deepEqual(await it.look(), []);
  }
  assert.deepEqual(it.forge.calls, ["comment"]);
});

test("T2: a comment is edited once in a while, with what is true then", async () => {
  const it = await scene();
  await it.make(1);
  await it.pass(100);
  await it.look();
  for (const why of ["one", "two", "three"]) {
    await it.pause(why);
    await it.pass(1_000);
    assert.deepEqual(await it.look(), []);
  }
  await it.pass(EDIT_MS);
  await it.look();
  assert.match(it.text() ?? "", /three/);
  assert.equal(it.forge.calls.length, 2);
});

test("T2: the end of a task is told at once", async () => {
  const it = await scene();
  await it.make(1);
  await it.pass(100);
  await it.look();
  const by = { kind: "api", name: "ada" } as const;
  const asked = { project: "shop", by, key: "k", because: "test", target: { key: "SHOP-1" } };
  await ask(it.store, [{ kind: "cancel_task", ...asked, reason: "enough" }], null, it.clock.now());
  await it.pass(5_000);
  await it.look();
  assert.match(it.text() ?? "", /Cancelled/);
});

test("T3: what was over long before there was a token stays untold, and so does what nobody outside knows", async () => {
  const it = await scene();
  const { inForce } = it;
  it.inForce = { ...inForce, trackers: new Map(), forges: new Map() };
  await it.make(1);
  await it.make(2, {});
  await it.make(3, { refs: [{ ...ISSUE, id: "acme/shop#13" }] });
  const by = { kind: "api", name: "ada" } as const;
  const asked = { project: "shop", by, key: "k", because: "test", target: { key: "SHOP-1" } };
  await ask(it.store, [{ kind: "cancel_task", ...asked, reason: "enough" }], null, it.clock.now());
  await it.pass(2 * 60 * 60_000);
  assert.deepEqual(await it.look(), []);
  it.inForce = inForce;
  await it.pass(10_000);
  await it.look();
  assert.deepEqual([...it.forge.comments.keys()], ["acme/shop#13"]);
});

test("what a host will not have is told with a remedy, and asked for again when it has changed", async () => {
  const it = await scene();
  const refusal = { kind: "refused", because: "permission", reason: "GitHub answered 403" } as const;
  it.forge.fate = () => ({ when: "before", answer: refusal });
  await it.make(1);
  await it.pass(100);
  const [sent] = await it.look();
  assert.equal(sent?.kind, "refused");
  assert.match(sent?.kind === "refused" ? sent.reason : "", /403; give the token .*right/);
  await it.pass(10 * 60_000);
  assert.deepEqual(await it.look(), [], "it is not asked for again and again");
  it.forge.fate = () => null;
  await it.pause("lunch");
  await it.pass(60 * 60_000);
  assert.deepEqual(await it.look(), [{ kind: "sent" }]);
});

test("labels, states and a status are told of a project that wants them", async () => {
  const tell = {
    ...{ comment: false, status: true },
    labels: { working: "at work", waiting: "waits" },
    states: { started: "started" },
  };
  const it = await scene({ ...PROJECT, tell });
  await it.make(1);
  await it.pass(100);
  await it.look();
  await it.pause("lunch");
  await it.pass(5_000);
  await it.look();
  assert.deepEqual([...(it.forge.labels.get("acme/shop#12") ?? [])], ["waits"]);
  assert.equal(it.forge.states.size, 0, "nothing has begun");
  assert.equal(it.forge.comments.size, 0);
});
