/** The net below tasks that wait: what nothing keeps any more begins, and what is stuck is told of once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAtWaiting } from "../../scheduler/waiting.ts";
import { ask } from "../../store/settle.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { changeOf, creation } from "../conformance/database.ts";
import { handClock, heardLog, memoryStore, NOW } from "../handlers/hand-moved.ts";
import { project } from "../handlers/project.ts";
import { START } from "../workflow/decide/intents.ts";

const PROJECTS = new Map([["shop", project({ name: "shop" })]]);
const GRACE_MS = 300_000;

test("A10: when a project is serial no more, its tasks begin without anybody's end", async () => {
  const store = await memoryStore();
  const ports = { store, clock: handClock(), log: heardLog(), projects: () => PROJECTS };
  const plain = plainClaimConfig([{ name: "shop", concurrency: 9 }]);
  const serial = plain.projects.map((project) => ({ ...project, serial: true }));
  await store.projects.configure({ ...plain, projects: serial }, NOW);
  for (const number of [1, 2, 3])
    await ask(store, [{ ...START, key: `k${number}`, refs: [], number }], null, NOW);
  const { signal } = new AbortController();
  const statuses = async (): Promise<readonly string[]> =>
    (await store.tasks.list({ limit: 9, before: null })).items.map(({ status }) => status);
  await lookAtWaiting(ports, signal);
  assert.deepEqual(await statuses(), ["waiting", "waiting", "active"], "it is not their turn");
  await store.projects.configure(plain, NOW);
  await lookAtWaiting(ports, signal);
  assert.deepEqual(await statuses(), ["active", "active", "active"]);
});

test("I7: a task of which nothing goes on is told of after a grace, and once", async () => {
  const store = await memoryStore();
  const clock = handClock();
  const ports = { store, clock, log: heardLog(), projects: () => PROJECTS };
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 9 }]), NOW);
  await store.commit([creation("shop", 1)], null, NOW);
  const [job] = await store.jobs.ofTask("SHOP-1");
  const lost = { change: "cancel", id: job?.id ?? 0, fence: 0, reason: "by hand" } as const;
  await store.commit([changeOf("SHOP-1", { jobs: [lost] })], null, NOW);
  const { signal } = new AbortController();
  const told = async (): Promise<number> =>
    (await store.outbox.list({ limit: 9, before: null })).items.length;
  await lookAtWaiting(ports, signal);
  assert.equal(await told(), 0);
  for (const _ of [1, 2, 3]) {
    clock.move(GRACE_MS);
    await lookAtWaiting(ports, signal);
  }
  assert.equal(await told(), 1);
});
