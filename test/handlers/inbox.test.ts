/** The inbox on the real store: every delivery gets one effect and one ending. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ForgeAsk } from "../../forges/ask.ts";
import type { PlaneClient } from "../../forges/plane/plane.ts";
import { createInbox, type Inbox } from "../../handlers/inbox.ts";
import type { Payload } from "../../handlers/source.ts";
import { readersOf } from "../../handlers/sources.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { Work } from "../../store/engine/work.ts";
import type { Sources } from "../../store/inbox/due.ts";
import type { Store } from "../../store/store.ts";
import { createWake, type Wake } from "../../system/wake.ts";
import type { Delivery, Source } from "../../workflow/delivery.ts";
import { INBOX_TURN_DELIVERIES, LOOKUP_PATIENCE_MS } from "../../workflow/limits.ts";
import type { Project } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";
import { type HandClock, type HeardLog, handClock, heardLog, memoryStore } from "./hand-moved.ts";
import { githubExample, PLANE_ITEM, planeFixture } from "./payloads.ts";
import { project } from "./project.ts";

interface Scene {
  readonly inbox: Inbox;
  /** One for each of the asked ones. */
  readonly lanes: readonly Inbox[];
  readonly store: Store;
  readonly clock: HandClock;
  readonly log: HeardLog;
  readonly wake: Wake;
  /** What the store has told of. */
  readonly told: readonly Work[];
  /** Stores a delivery, as the listener does. */
  send(source: Source, event: string, payload: Payload): Promise<number>;
  /** Handles what is due, and answers what became of this delivery. */
  settle(id: number): Promise<Delivery>;
  tasks(): Promise<readonly Task[]>;
}

/** What may be asked of a source; what is missing has no token. */
interface Clients {
  readonly github?: { readonly ask: Pick<ForgeAsk, "permission"> };
  readonly plane?: Pick<PlaneClient, "members" | "states" | "workItem">;
}

interface Setting {
  readonly projects?: readonly Project[];
  readonly clients?: Clients;
  /** Puts something between the inbox and its store. */
  readonly wrap?: (store: Store) => Store;
  /** Left out, one for all. */
  readonly lanes?: readonly Sources[];
}

async function scene({
  projects = [project()],
  clients = {},
  wrap = (store) => store,
  lanes: sources = [{ besides: [] }],
}: Setting = {}): Promise<Scene> {
  const told: Work[] = [];
  const store = await memoryStore((work) => told.push(work));
  const [clock, log] = [handClock(), heardLog()];
  const wake = createWake(clock);
  const contacts = Object.entries(clients).map(
    ([kit, client]) => [kit, { settings: null, client, own: [] }] as const,
  );
  const readers = readersOf(new Map(contacts));
  const wrapped = wrap(store);
  const lanes = sources.map((from) =>
    createInbox({ store: wrapped, sources: from, projects, readers, clock, log, wake }),
  );
  const inbox = lanes[0] ?? assert.fail("there is no lane");
  let sent = 0;
  return {
    inbox,
    lanes,
    store,
    clock,
    log,
    wake,
    told,
    async send(source, event, payload): Promise<number> {
      const delivery = {
        source,
        event,
        deliveryId: `d-${++sent}`,
        headerId: null,
        body: JSON.stringify(payload),
      };
      const [recorded] = await store.deliveries.record([delivery], clock.now());
      return recorded?.id ?? assert.fail("not recorded");
    },
    async settle(id): Promise<Delivery> {
      await inbox.drainOnce();
      return (await store.deliveries.get(id)) ?? assert.fail("no such delivery");
    },
    tasks: async () => (await store.tasks.list({ limit: 100, before: null })).items,
  };
}

const labeled = (changes: Record<string, unknown> = {}): Payload =>
  githubExample("issues", 9, { "label.name": "agent", ...changes });
const comment = (body: string, changes: Record<string, unknown> = {}): Payload =>
  githubExample("issue_comment", 0, { "comment.body": body, ...changes });
const plane = (name: string, changes: Record<string, unknown> = {}): Payload => {
  const payload = JSON.parse(planeFixture(name).body) as Record<string, Record<string, unknown>>;
  for (const [path, value] of Object.entries(changes)) {
    const [group = "", field = ""] = path.split(".");
    const part = payload[group];
    if (part !== undefined) part[field] = value;
  }
  return payload;
};
const planeComment = (html: string): Payload => plane("issue-comment-created", { "data.comment_html": html });

test("a start label becomes one task with one queued job, in one step with the delivery's mark", async () => {
  const it = await scene();
  const id = await it.send("github", "issues", labeled());
  const delivery = await it.settle(id);
  assert.equal(delivery.status, "processed");
  const [task, ...others] = await it.tasks();
  assert.equal(others.length, 0);
  assert.equal(task?.key, "SHOP-1");
  assert.equal(delivery.task, "SHOP-1");
  assert.equal(task?.author, "Codertocat");
  const jobs = await it.store.jobs.ofTask("SHOP-1");
  assert.deepEqual(
    jobs.map(({ status }) => status),
    ["queued"],
  );
  assert.deepEqual(it.told, ["deliveries", "cards", "jobs"]);
});

test("N6: who is slow to say who somebody is holds up their own deliveries, and no others", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<{ readonly kind: "ok"; readonly value: "write" }>();
  const permission = (): typeof answer.promise => {
    asked.resolve();
    return answer.promise;
  };
  const it = await scene({
    clients: { github: { ask: { permission } } },
    lanes: [{ only: "github" }, { besides: ["github"] }],
  });
  const stranger = { "comment.author_association": "NONE" };
  const slow = await it.send("github", "issue_comment", comment("/agent", stranger));
  const behind = await it.send(
    "github",
    "issue_comment",
    comment("/agent", { ...stranger, "comment.id": 5 }),
  );
  const quick = await it.send("plane", "issue", plane("issue-created"));
  const [slowLane, others] = it.lanes.map((lane) => lane.drainOnce());
  await asked.promise;
  assert.equal(await others, 1);
  const statuses = async (): Promise<readonly (string | undefined)[]> =>
    Promise.all([slow, behind, quick].map(async (id) => (await it.store.deliveries.get(id))?.status));
  assert.deepEqual(await statuses(), ["received", "received", "ignored"]);
  answer.resolve({ kind: "ok", value: "write" });
  assert.equal(await slowLane, 2);
  assert.deepEqual(await statuses(), ["processed", "ignored", "ignored"]);
});

test("A13: opened, labeled twice by two hooks, and assigned: one issue, one task, one job", async () => {
  const start = { ...project().start, assignees: ["Codertocat"] };
  const it = await scene({ projects: [project({ start })] });
  const labels = [{ name: "agent" }];
  await it.send("github", "issues", githubExample("issues", 15, { "issue.labels": labels }));
  await it.send("github", "issues", labeled());
  await it.send("github", "issues", labeled());
  const last = await it.send("github", "issues", githubExample("issues", 1));
  const delivery = await it.settle(last);
  assert.equal(delivery.status, "ignored");
  assert.match(delivery.reason ?? "", /already/);
  assert.equal((await it.tasks()).length, 1);
  assert.equal((await it.store.jobs.ofTask("SHOP-1")).length, 1);
});

test("A13: Plane's deliveries of one dragged card, through two hooks and from two versions: one task, one job", async () => {
  const it = await scene();
  await it.send("plane", "issue", plane("issue-updated-sort_order-webapp"));
  await it.send("plane", "issue", plane("issue-updated-state-webapp"));
  await it.send("plane", "issue", plane("issue-updated-state-legacy-pre-v0.26.1"));
  await it.send("plane", "issue", { ...plane("issue-updated-state-webapp"), webhook_id: "another" });
  await it.inbox.drainOnce();
  const [task, ...others] = await it.tasks();
  assert.equal(others.length, 0);
  assert.equal(task?.key, "SHOP-42", "A4: the tracker's own number");
  assert.equal((await it.store.jobs.ofTask("SHOP-42")).length, 1);
});

test("somebody without rights starts nothing, and the delivery says why", async () => {
  const it = await scene();
  const id = await it.send(
    "github",
    "issue_comment",
    comment("/agent", { "comment.author_association": "NONE" }),
  );
  const delivery = await it.settle(id);
  assert.equal(delivery.status, "ignored");
  assert.match(delivery.reason ?? "", /not trusted: Codertocat is NONE, and there is no GitHub token/);
  assert.equal((await it.tasks()).length, 0);
});

test("of two projects of one repository, the one that trusts the person takes part", async () => {
  const trust = { github: [], users: ["codertocat"], bots: [] };
  const strict = project({ name: "strict", prefix: "STRICT", trust: { ...trust, users: [] } });
  const it = await scene({ projects: [strict, project({ trust })] });
  const id = await it.send("github", "issue_comment", comment("/agent"));
  assert.equal((await it.settle(id)).status, "processed");
  assert.deepEqual(
    (await it.tasks()).map((task) => task.project),
    ["shop"],
  );
});

test("a closed issue cancels its task, a command starts it again, and a finished one is followed by another", async () => {
  const it = await scene();
  await it.send("github", "issues", labeled());
  await it.send(
    "github",
    "issues",
    githubExample("issues", 20, { action: "closed", "issue.state": "closed" }),
  );
  await it.inbox.drainOnce();
  assert.equal((await it.store.tasks.get("SHOP-1"))?.status, "cancelled");
  await it.send("github", "issues", labeled({ "issue.updated_at": "2030-01-01T00:00:00Z" }));
  await it.inbox.drainOnce();
  assert.equal((await it.store.tasks.get("SHOP-1"))?.status, "cancelled", "a label is no person's word");
  const again = await it.settle(await it.send("github", "issue_comment", comment("/agent")));
  assert.equal(again.status, "processed");
  assert.equal((await it.store.tasks.get("SHOP-1"))?.status, "active");
  const repeated = await it.settle(await it.send("github", "issue_comment", comment("/agent")));
  assert.match(repeated.reason ?? "", /^delivery \d+ has told this already$/);
});

test("a command about an issue that has no task is ignored: there is no such task", async () => {
  const it = await scene();
  const delivery = await it.settle(await it.send("github", "issue_comment", comment("/agent cancel")));
  assert.deepEqual([delivery.status, delivery.reason], ["ignored", "there is no such task"]);
});

test("a wrong type in a used field fails that delivery with its path, and the next one is handled", async () => {
  const it = await scene();
  const bad = await it.send("github", "issues", labeled({ "issue.title": 7 }));
  const good = await it.send("github", "issues", labeled());
  assert.equal((await it.settle(good)).status, "processed");
  const failed = await it.settle(bad);
  assert.equal(failed.status, "failed");
  assert.match(failed.reason ?? "", /at \$\.issue\.title$/);
});

test("a source that nobody understands is ignored by name", async () => {
  const it = await scene();
  const delivery = await it.settle(await it.send("gitlab", "Issue Hook", {}));
  assert.match(delivery.reason ?? "", /gitlab/);
});

test("I13: shell characters and path tricks in a title are stored as they are, and are nothing but text", async () => {
  const it = await scene();
  const title = "$(touch /tmp/x); `id` && rm -rf ../../ --upload-pack='x' | cat \"'";
  await it.send("github", "issues", labeled({ "issue.title": title }));
  await it.inbox.drainOnce();
  assert.equal((await it.tasks())[0]?.title, title);
});

type Answer = Awaited<ReturnType<ForgeAsk["permission"]>>;
const DOWN: Answer = { kind: "retry", reason: "GitHub answered 502", afterMs: 30_000, fault: "host" };

test("a lookup that fails puts the delivery off and holds back later ones about the same issue, but no others", async () => {
  let answer: Answer = DOWN;
  const it = await scene({ clients: { github: { ask: { permission: async () => answer } } } });
  const stranger = { "comment.author_association": "NONE" };
  const start = await it.send("github", "issue_comment", comment("/agent", stranger));
  const cancel = await it.send("github", "issue_comment", comment("/agent cancel", { "comment.id": 5 }));
  const other = await it.send(
    "github",
    "issue_comment",
    comment("/agent", { "issue.number": 2, "issue.id": 2, "comment.id": 6 }),
  );
  assert.equal((await it.settle(other)).status, "processed");
  const waiting = await it.settle(start);
  assert.deepEqual([waiting.status, waiting.tries], ["received", 1]);
  assert.match(waiting.reason ?? "", /permission of Codertocat could not be asked for: GitHub answered 502/);
  assert.equal(waiting.notBefore, it.clock.now() + 30_000);
  assert.match((await it.settle(cancel)).reason ?? "", /an earlier delivery/);
  answer = { kind: "ok", value: "write" };
  it.clock.move(10_000);
  assert.equal((await it.settle(cancel)).status, "received", "its turn has not come");
  it.clock.move(30_000);
  assert.equal((await it.settle(start)).status, "processed");
  it.clock.move(10_000);
  assert.equal((await it.settle(cancel)).status, "processed");
  const key = (await it.store.deliveries.get(start))?.task ?? "";
  assert.equal((await it.store.tasks.get(key))?.status, "cancelled", "in the order in which they came");
});

test("I7: what cannot be checked for a day is failed with its reason", async () => {
  const it = await scene({ clients: { github: { ask: { permission: async () => DOWN } } } });
  const id = await it.send(
    "github",
    "issue_comment",
    comment("/agent", { "comment.author_association": "NONE" }),
  );
  await it.inbox.drainOnce();
  it.clock.move(LOOKUP_PATIENCE_MS + 1);
  const delivery = await it.settle(id);
  assert.equal(delivery.status, "failed");
  assert.match(delivery.reason ?? "", /given up after a day: .*502/);
});

test("an exception while one delivery is handled fails that one, and the others go on", async () => {
  const permission = async (): Promise<never> => {
    throw new TypeError("a defect");
  };
  const it = await scene({ clients: { github: { ask: { permission } } } });
  const bad = await it.send(
    "github",
    "issue_comment",
    comment("/agent", { "comment.author_association": "NONE" }),
  );
  const good = await it.send("github", "issues", labeled());
  assert.equal((await it.settle(good)).status, "processed");
  const failed = await it.settle(bad);
  assert.deepEqual(
    [failed.status, failed.reason],
    ["failed", "it could not be handled: TypeError: a defect"],
  );
});

test("I2: a store that fails in the middle loses nothing and doubles nothing", async () => {
  for (const kind of ["busy", "broken", "full"] as const) {
    let faults = 2;
    const wrap = (store: Store): Store => ({
      ...store,
      commit: (...args) => {
        if (faults-- > 0) throw new StoreFault(kind, "not now", "wait");
        return store.commit(...args);
      },
    });
    const it = await scene({ wrap });
    const id = await it.send("github", "issues", labeled());
    const stop = new AbortController();
    const loop = it.inbox.run(stop.signal);
    for (let turn = 0; turn < 500; turn++) {
      it.clock.move(1_000);
      await it.clock.sleep(0);
      if ((await it.store.deliveries.get(id))?.status === "processed") break;
    }
    stop.abort();
    it.wake.ring();
    await loop;
    assert.equal((await it.store.deliveries.get(id))?.status, "processed", kind);
    assert.equal((await it.tasks()).length, 1);
  }
});

test("the loop handles what the bell announces, and ends when it is told to", async () => {
  const it = await scene();
  const stop = new AbortController();
  const loop = it.inbox.run(stop.signal);
  const id = await it.send("github", "issues", labeled());
  it.wake.ring();
  for (let turn = 0; turn < 500 && (await it.tasks()).length === 0; turn++) await it.clock.sleep(0);
  assert.equal((await it.store.deliveries.get(id))?.status, "processed");
  stop.abort();
  await loop;
});

test("the inbox gives the event loop back after every few deliveries, and rests while senders wait", async () => {
  const naps: number[] = [];
  const store = await memoryStore();
  const hand = handClock();
  const sleep = (ms: number): Promise<void> => {
    naps.push(ms);
    return hand.sleep(ms);
  };
  const clock = { ...hand, sleep };
  const wake = createWake(clock);
  const options = {
    store,
    projects: [],
    readers: readersOf(new Map()),
    clock,
    log: heardLog(),
    wake,
  };
  const count = INBOX_TURN_DELIVERIES * 3;
  const bodies = Array.from({ length: count }, (_, n) => ({
    source: "github" as const,
    event: "push",
    deliveryId: `p-${n}`,
    headerId: null,
    body: "{}",
  }));
  await store.deliveries.record(bodies, clock.now());
  assert.equal(await createInbox(options).drainOnce(), count);
  assert.deepEqual(naps, [0, 0, 0]);
  naps.length = 0;
  await store.deliveries.record(
    bodies.map((body) => ({ ...body, deliveryId: `${body.deliveryId}-b` })),
    clock.now(),
  );
  await createInbox({ ...options, isIngestBusy: () => true }).drainOnce();
  assert.ok(naps.length === 3 && naps.every((ms) => ms > 0));
});

const never = async (): Promise<never> => assert.fail("nobody asks for this");
const item = {
  id: PLANE_ITEM,
  name: "From Plane",
  descriptionHtml: "<p>the <b>whole</b> story</p>",
  sequenceId: 9,
};
const members = async () =>
  ({ kind: "ok", value: [{ id: "6bb20d1c-4960-41ca-af4f-cee01de160c4", role: 15 }] }) as const;

test("a command in a Plane comment asks for the item's text, once it is needed", async () => {
  const workItem = async () => ({ kind: "ok", value: item }) as const;
  const it = await scene({ clients: { plane: { members, states: never, workItem } } });
  assert.equal(
    (await it.settle(await it.send("plane", "issue_comment", planeComment("<p>/agent</p>")))).status,
    "processed",
  );
  const [task] = await it.tasks();
  assert.deepEqual([task?.key, task?.title, task?.body], ["SHOP-9", "From Plane", "the whole story"]);
});

test("a command about an item at work asks nobody for its text", async () => {
  const it = await scene({ clients: { plane: { members, states: never, workItem: never } } });
  await it.send("plane", "issue", plane("issue-updated-state-webapp"));
  const delivery = await it.settle(await it.send("plane", "issue_comment", planeComment("<p>/agent</p>")));
  assert.match(delivery.reason ?? "", /SHOP-42 is already active/);
});

test("without a Plane token a comment starts nothing, but stops what a trusted person may stop", async () => {
  const trust = { github: [], users: ["6bb20d1c-4960-41ca-af4f-cee01de160c4"], bots: [] };
  const it = await scene({ projects: [project({ trust })] });
  const start = await it.settle(await it.send("plane", "issue_comment", planeComment("<p>/agent</p>")));
  assert.match(start.reason ?? "", /text of the work item/);
  await it.send("plane", "issue", plane("issue-updated-state-webapp"));
  const stop = await it.settle(await it.send("plane", "issue_comment", planeComment("<p>/agent stop</p>")));
  assert.equal(stop.status, "processed");
  assert.equal((await it.store.tasks.get("SHOP-42"))?.status, "cancelled");
});

test("Plane being down puts a v2 state change off until the states are known", async () => {
  let isDown = true;
  const found = {
    kind: "ok",
    value: [{ id: "0ec6cfa4-e906-4aad-9390-2df0303a4100", name: "In Progress", group: "started" }],
  } as const;
  const states = async () =>
    isDown ? ({ kind: "retry", reason: "503", afterMs: 15_000, fault: "host" } as const) : found;
  const workItem = async () => ({ kind: "ok", value: item }) as const;
  const it = await scene({ clients: { plane: { members, states, workItem } } });
  const moved = plane("v2-workitem-updated-as-printed-in-docs", {
    "data.updated_by_id": "6bb20d1c-4960-41ca-af4f-cee01de160c4",
    "previous_attributes.state_id": "another",
  });
  const id = await it.send("plane", "workitem.updated", moved);
  assert.equal((await it.settle(id)).status, "received");
  isDown = false;
  it.clock.move(15_000);
  assert.equal((await it.settle(id)).status, "processed");
  const [task] = await it.tasks();
  assert.deepEqual([task?.key, task?.body], ["SHOP-3", "the whole story"]);
});

test("a replayed delivery is handled like a new one, and does nothing twice", async () => {
  const projects: Project[] = [];
  const it = await scene({ projects });
  const id = await it.send("github", "issues", labeled());
  assert.match((await it.settle(id)).reason ?? "", /no project/);
  projects.push(project());
  const replay = async (): Promise<number> => {
    const replayed = await it.store.deliveries.replay(id, it.clock.now());
    return replayed.kind === "replayed" ? replayed.delivery.id : assert.fail(replayed.kind);
  };
  assert.equal((await it.settle(await replay())).status, "processed");
  assert.equal((await it.settle(await replay())).status, "ignored");
  assert.equal((await it.tasks()).length, 1);
});
