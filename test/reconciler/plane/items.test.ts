/** Plane, asked alone: what was moved, finished, said and deleted, and that its webhook is silent. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPlane } from "../../../forges/plane/plane.ts";
import { createInbox } from "../../../handlers/inbox.ts";
import { createIntake } from "../../../handlers/intake.ts";
import { readersOf } from "../../../handlers/sources.ts";
import { createReconciler, type Reconciler } from "../../../reconciler/loop.ts";
import { watchPlane } from "../../../reconciler/plane/watch.ts";
import type { Store } from "../../../store/store.ts";
import { systemHttp } from "../../../system/http.ts";
import { createWake } from "../../../system/wake.ts";
import { heardLog, memoryStore } from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";
import { type ProofPlane, startPlane } from "../../proof/plane/start.ts";
import { HOUR, type MovedClock, movedClock } from "../scene.ts";

interface Scene {
  readonly plane: ProofPlane;
  readonly store: Store;
  readonly clock: MovedClock;
  readonly reconciler: Reconciler;
  look(afterMs?: number): Promise<void>;
  tasks(): Promise<readonly string[]>;
}

async function within(work: (it: Scene) => Promise<void>): Promise<void> {
  const clock = movedClock();
  const plane = await startPlane({ clock });
  const [store, log] = [await memoryStore(), heardLog()];
  const id = plane.project("SHOP").id;
  const projects = [project({ repo: null, trackers: { plane: id } })];
  const net = { http: systemHttp(), clock };
  const client = createPlane({ ...net, apiUrl: plane.url, token: plane.token, workspace: plane.slug });
  const own = [{ login: null, id: plane.user("chargehand").id }];
  const intake = createIntake({ deliveries: store.deliveries, clock, log, giveUpBallast: async () => false });
  const inbox = createInbox({
    ...{ store, projects, clock, log, wake: createWake(clock), tells: () => true },
    readers: readersOf(new Map([["plane", { settings: null, client, own }]])),
  });
  const watcher = watchPlane(client.spare);
  const reconciler = createReconciler({
    ...{ store, clock, log, wake: createWake(clock), record: intake.record },
    places: () => [{ source: "plane", name: id, projects, everyMs: 60_000, hears: true, watcher }],
  });
  try {
    await work({
      ...{ plane, store, clock, reconciler },
      async look(afterMs = 120_000) {
        clock.move(afterMs);
        await reconciler.round(new AbortController().signal);
        await inbox.drainOnce();
      },
      tasks: async () =>
        (await store.tasks.list({ limit: 100, before: null })).items
          .map(({ title, status }) => `${title} ${status}`)
          .toSorted(),
    });
    assert.deepEqual(plane.violations, []);
  } finally {
    await plane.close();
    await store.close();
  }
}

test("A13: what was moved to a start state begins once, and what was finished ends", () =>
  within(async (it) => {
    const { people } = it.plane;
    await it.look(0);
    people.create({ project: "SHOP", by: "ada", name: "Door" });
    people.create({ project: "SHOP", by: "ada", name: "Window" });
    await it.look();
    assert.deepEqual(await it.tasks(), []);
    people.move({ project: "SHOP", by: "bob", number: 1, state: "In Progress" });
    people.move({ project: "SHOP", by: "chargehand", number: 2, state: "In Progress" });
    await it.look();
    assert.deepEqual(await it.tasks(), ["Door active"], "our own doing starts nothing");
    for (let n = 0; n < 3; n += 1) await it.look();
    people.move({ project: "SHOP", by: "bob", number: 1, state: "Done" });
    await it.look();
    assert.deepEqual(await it.tasks(), ["Door cancelled"]);
  }));

test("A13: commands in comments are found, by who has written them; guests are not trusted", () =>
  within(async (it) => {
    const { people } = it.plane;
    await it.look(0);
    people.create({ project: "SHOP", by: "ada", name: "Door" });
    people.create({ project: "SHOP", by: "ada", name: "Window" });
    await it.look();
    people.comment({ project: "SHOP", by: "bob", number: 1, html: "<p>/agent start and be quick</p>" });
    people.comment({ project: "SHOP", by: "gus", number: 2, html: "<p>/agent start</p>" });
    await it.look();
    assert.deepEqual(await it.tasks(), ["Door active"]);
    const deliveries = (await it.store.deliveries.list({ limit: 100, before: null })).items;
    assert.match(deliveries.map(({ reason }) => reason ?? "").join(), /not trusted/);
    for (let n = 0; n < 3; n += 1) await it.look();
    assert.equal(
      (await it.store.deliveries.list({ limit: 100, before: null })).items.length,
      deliveries.length,
    );
  }));

test("A13: what was deleted ends its task at the next full look, and silence of the webhook is told", () =>
  within(async (it) => {
    const { people } = it.plane;
    await it.look(0);
    people.create({ project: "SHOP", by: "ada", name: "Door" });
    people.move({ project: "SHOP", by: "ada", number: 1, state: "In Progress" });
    await it.look();
    assert.deepEqual(it.reconciler.standings()[0]?.faults, []);
    people.delete({ project: "SHOP", by: "ada", number: 1 });
    await it.look(2 * HOUR);
    assert.deepEqual(await it.tasks(), ["Door cancelled"]);
    assert.match(it.reconciler.standings()[0]?.faults[0]?.reason ?? "", /^no webhook has come, though/);
  }));
