/** What people see where they asked for something: a sign when it is done, a sentence when it is not, once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createInbox } from "../../handlers/inbox.ts";
import type { Payload } from "../../handlers/source.ts";
import { readersOf } from "../../handlers/sources.ts";
import type { Store } from "../../store/store.ts";
import { createWake } from "../../system/wake.ts";
import type { OutboxCall } from "../../workflow/outbox.ts";
import type { Project } from "../../workflow/project.ts";
import { handClock, heardLog, memoryStore } from "./hand-moved.ts";
import { githubExample } from "./payloads.ts";
import { project } from "./project.ts";

interface Scene {
  readonly store: Store;
  /** Has a comment come in, and be handled. */
  says(body: string, changes?: Record<string, unknown>): Promise<void>;
  sends(event: string, payload: Payload): Promise<void>;
  calls(): Promise<readonly OutboxCall[]>;
  move(ms: number): void;
}

async function scene(projects: readonly Project[] = [project()], tells = true): Promise<Scene> {
  const store = await memoryStore();
  const [clock, log] = [handClock(), heardLog()];
  const readers = readersOf(new Map([["github", { settings: null, client: null, own: [] }]]));
  const wake = createWake(clock);
  const inbox = createInbox({ store, projects, readers, clock, log, wake, tells: () => tells });
  let sent = 0;
  const sends = async (event: string, payload: Payload): Promise<void> => {
    const delivery = { source: "github", event, deliveryId: `d-${++sent}`, headerId: null } as const;
    await store.deliveries.record([{ ...delivery, body: JSON.stringify(payload) }], clock.now());
    await inbox.drainOnce();
  };
  return {
    store,
    sends,
    says: (body, changes = {}) =>
      sends(
        "issue_comment",
        githubExample("issue_comment", 0, { "comment.body": body, "comment.id": 900 + sent, ...changes }),
      ),
    calls: async () => (await store.outbox.list({ limit: 100, before: null })).items.toReversed(),
    move: (ms) => clock.move(ms),
  };
}

const STRANGER = { "comment.author_association": "NONE" };
const by = (login: string): Record<string, unknown> => ({
  ...STRANGER,
  "comment.user.login": login,
  "sender.login": login,
});

test("a command that does something is acknowledged at its comment, with the task that it made", async () => {
  const it = await scene();
  await it.says("/agent");
  const [call, ...others] = await it.calls();
  assert.equal(others.length, 0);
  assert.deepEqual([call?.target, call?.kind], ["forge:github", "acknowledge"]);
  assert.deepEqual(call?.payload, { place: "acme/shop", item: "1", comment: "900" });
  assert.deepEqual(call?.subject, { kind: "task", name: "SHOP-1" });
});

test("a stranger is told once at an item, however often and however they ask", async () => {
  const it = await scene();
  for (let times = 0; times < 3; times++) await it.says("/agent", STRANGER);
  const [call, ...others] = await it.calls();
  assert.equal(others.length, 0);
  assert.deepEqual([call?.target, call?.kind], ["forge:github", "reply"]);
  assert.match(String(call?.payload["text"]), /Nothing was done/);
  assert.equal((await it.store.tasks.list({ limit: 1, before: null })).items.length, 0);
  await it.says("/agent", { ...STRANGER, "issue.number": 2, "issue.id": 2 });
  assert.equal((await it.calls()).length, 2, "another item");
});

test("a crowd of strangers is told as often as three people are, and again another day", async () => {
  const it = await scene();
  for (let person = 0; person < 9; person++) await it.says("/agent", by(`eve-${person}`));
  assert.equal((await it.calls()).length, 3);
  it.move(25 * 60 * 60_000);
  await it.says("/agent", by("eve-8"));
  assert.equal((await it.calls()).length, 4);
  const deliveries = (await it.store.deliveries.list({ limit: 20, before: null })).items;
  assert.ok(
    deliveries.every(({ status }) => status === "ignored"),
    "each has ended, told or not",
  );
});

test("a word that is no command is answered, and so is a command that cannot be followed now", async () => {
  const it = await scene();
  await it.says("/agent dance");
  await it.says("/agent cancel");
  const [unknown, refused] = await it.calls();
  assert.match(String(unknown?.payload["text"]), /not understood/);
  assert.match(String(refused?.payload["text"]), /not possible now.*there is no such task/);
});

test("no bot is answered, no label that does nothing, and nothing is told where nothing can be", async () => {
  const it = await scene();
  await it.says("/agent", { "sender.type": "Bot", "comment.user.type": "Bot", ...STRANGER });
  await it.sends("issues", githubExample("issues", 9, { "label.name": "other" }));
  assert.deepEqual(await it.calls(), []);
  const mute = await scene([project()], false);
  await mute.says("/agent", STRANGER);
  await mute.says("/agent");
  assert.deepEqual(await mute.calls(), []);
});
