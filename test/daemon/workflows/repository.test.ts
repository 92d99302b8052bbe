/** What a repository says: used when it is good, told when it is not, and never more than the operator allows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { findWorkflow } from "../../../daemon/workflows/repository.ts";
import type { FoundWorkflow } from "../../../workflow/decide/settle-workflow.ts";
import { PROFILE } from "../../agents/profile.ts";
import { project } from "../../handlers/project.ts";
import { PIPELINE } from "../../workflow/decide/phases.ts";
import { GOOD, type RepositoryScene, repositoryScene, text } from "./repository-scene.ts";

const PROJECT = project({ workflow: null });

async function found(scene: RepositoryScene, of = PROJECT): Promise<FoundWorkflow> {
  const answer = await findWorkflow(scene, of);
  return "workflow" in answer ? answer : assert.fail(answer.reason);
}

async function why(scene: RepositoryScene, of = PROJECT): Promise<readonly [string, string | null]> {
  const answer = await findWorkflow(scene, of);
  return "reason" in answer ? [answer.reason, answer.remedy] : assert.fail(answer.workflow.name);
}

async function notices({ store }: RepositoryScene): Promise<readonly string[]> {
  const events = await store.events.of({ kind: "project", name: "shop" }, 0, 10);
  return events.map(({ data }) => String(data["commit"]));
}

test("D1: a bad edit keeps the last good version, says so with lines, and tells people once", async () => {
  const scene = await repositoryScene();
  scene.says(text(GOOD), "c1");
  assert.deepEqual([(await found(scene)).workflow.name, (await found(scene)).commit], ["own", "c1"]);
  assert.equal(
    (await found(scene)).workflow.bounded,
    true,
    "and is held to the operator's words when it is played",
  );
  scene.says(text(GOOD.replace("role:", "rôle:")), "c2");
  for (const _ of [1, 2]) {
    const kept = await found(scene);
    assert.deepEqual([kept.workflow.name, kept.commit, kept.from], ["own", "c1", "repository"]);
    assert.match(kept.trouble ?? "", /^main:\.chargehand\/workflow\.yaml:3:\d+: phases\[0\]/m);
  }
  assert.deepEqual(await notices(scene), ["c2"]);
  assert.equal(scene.log.lines.filter(({ event }) => event === "workflow.refused").length, 1);
  const [stored] = await scene.store.repositories.list();
  assert.deepEqual([stored?.commit, stored?.good?.commit], ["c2", "c1"]);
  scene.says(text(GOOD.replace("own", "mended")), "c3");
  assert.deepEqual([(await found(scene)).workflow.name, (await found(scene)).trouble], ["mended", null]);
});

test("a file is judged once, and anew when it or what the operator says is another", async () => {
  const scene = await repositoryScene();
  const flow = GOOD.replace("Do it.", "Do it., timeout: 60s");
  scene.says(text(flow), "c1");
  const first = (await found(scene)).workflow;
  scene.says(text(flow), "c2");
  const second = await found(scene);
  assert.equal(second.workflow, first, "the commit changes nothing in the file");
  assert.equal(second.commit, "c2");
  scene.profiles.set("developer", { ...PROFILE, timeoutMs: 59_000 });
  assert.match((await why(scene))[0], /timeout of phase work must be 59s at most/);
  scene.profiles.set("developer", PROFILE);
  scene.says(text(`${flow}# now\n`), "c3");
  assert.notEqual((await found(scene)).workflow, first);
});

test("I7: without a good version there is none, whatever the fallback: with a reason and a remedy", async () => {
  const scene = await repositoryScene();
  const falling = project({ workflow: null, workflowFallback: PIPELINE });
  for (const file of [
    text("name: own\n"),
    text("\u0000"),
    text(""),
    { kind: "unfit", reason: "is a symbolic link, and no regular file" } as const,
  ]) {
    scene.says(file, JSON.stringify(file));
    const [reason, remedy] = await why(scene, falling);
    assert.match(reason, /^\.chargehand\/workflow\.yaml of branch main cannot be used: main:/);
    assert.match(remedy ?? "", /chargehand workflow check/);
  }
  scene.says(null);
  assert.match((await why(scene, falling))[0], /could not be read: git fetch/);
});

test("D1: a repository that says nothing has the fallback of its project, or its tasks wait", async () => {
  const scene = await repositoryScene();
  const [reason, remedy] = await why(scene);
  assert.match(reason, /has no \.chargehand\/workflow\.yaml/);
  assert.match(remedy ?? "", /commit one, or name a workflow_fallback for project shop/);
  const falling = await found(scene, project({ workflow: null, workflowFallback: PIPELINE }));
  assert.deepEqual([falling.workflow, falling.from], [PIPELINE, "fallback"]);
});

test("D1: what is stored is of a remote and a branch, and says nothing of another", async () => {
  const scene = await repositoryScene();
  scene.says(text(GOOD));
  await found(scene);
  scene.says(text("nonsense"), "c2");
  assert.equal((await found(scene)).workflow.name, "own");
  assert.match((await why(scene, project({ workflow: null, baseBranch: "release" })))[0], /cannot be used/);
});

test("D1: it asks for no more than the configuration allows, with its line; nor does an older good version", async () => {
  const scene = await repositoryScene();
  const slow = GOOD.replace("Do it. }", "Do it., timeout: 1m }");
  scene.says(text(slow.replace("1m", "2m")), "c1");
  const [reason] = await why(scene);
  assert.match(reason, /:3:\d+: phases\[0\]\.timeout: must be 1m at most, the timeout of agent developer/);
  scene.says(text(slow), "c2");
  await found(scene);
  scene.says(text("bad"), "c3");
  scene.profiles.set("developer", { ...PROFILE, timeoutMs: 30_000 });
  assert.match((await why(scene))[0], /goes too far by now: timeout of phase work must be 30s at most/);
});
