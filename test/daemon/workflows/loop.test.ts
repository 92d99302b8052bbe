/** Tasks that wait for what their repository says: each is told once, begins when there is something, and keeps nobody. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { workflowLoop } from "../../../daemon/workflows/loop.ts";
import { ask } from "../../../store/settle.ts";
import { createWake } from "../../../system/wake.ts";
import type { Project } from "../../../workflow/project.ts";
import { factsOf } from "../../../workflow/project.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { NOW } from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";
import { START } from "../../workflow/decide/intents.ts";
import { GOOD, type RepositoryScene, repositoryScene, text } from "./repository-scene.ts";

async function start({ store }: RepositoryScene, of: Project, number: number): Promise<void> {
  const intent = { ...START, refs: [], number, key: `k${number}`, project: of.name, facts: factsOf(of) };
  assert.equal((await ask(store, [intent], null, NOW)).kind, "done");
}

async function turns(until: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (await until()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail("it never came to that");
}

test("D1: whoever waits is told why, and begins when the repository has something to say", async () => {
  const scene = await repositoryScene();
  const { store, clock } = scene;
  const shop = project({ workflow: null });
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 1 }]), NOW);
  const wake = createWake(clock);
  const end = new AbortController();
  const loop = workflowLoop({ ...scene, projects: new Map([["shop", shop]]), wake }, end.signal);
  const hold = async (key: string): Promise<string> =>
    (await store.jobs.ofTask(key))[0]?.holds[0]?.reason ?? "none";
  await start(scene, shop, 12);
  wake.ring();
  await turns(async () => /has no \.chargehand/.test(await hold("SHOP-12")));
  const looks = scene.looks();
  await start(scene, shop, 13);
  wake.ring();
  await turns(async () => /has no \.chargehand/.test(await hold("SHOP-13")));
  assert.equal(scene.looks(), looks + 1, "who was told is not the reason for another look at once");
  scene.says(text(GOOD), "c2");
  clock.move(30_000);
  wake.ring();
  for (const key of ["SHOP-12", "SHOP-13"]) await turns(async () => (await hold(key)) === "none");
  const task = await store.tasks.get("SHOP-12");
  assert.deepEqual([task?.workflow, task?.agents], ["own", { developer: "developer" }]);
  assert.deepEqual(await store.repositories.awaiting(), []);
  end.abort();
  wake.ring();
  await loop;
});
