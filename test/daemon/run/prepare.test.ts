/** Before an agent starts: what it is given, and whose fault it is when it cannot be. */

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { RunnerPorts } from "../../../daemon/run/ports.ts";
import { prepare } from "../../../daemon/run/prepare.ts";
import { PROFILE } from "../../agents/profile.ts";
import { scene } from "./scene.ts";

test("the agent is started in the task's worktree with the prompt of its task, and its run's mark", async (t) => {
  const { ports, claim, task, deeds } = await scene(t, { as: "claimed" });
  const prepared = await prepare(ports, claim, await task());
  assert.ok(prepared.kind === "ready");
  const { argv, cwd, env, directory, stdin } = prepared.launch;
  assert.deepEqual(
    [argv, cwd, env["CHARGEHAND_RUN"], deeds],
    [["./fix"], "/worktrees/SHOP-1", "r", ["prepare"]],
  );
  assert.equal(directory, `${ports.runsDirectory}/r`);
  assert.equal(stdin, `${directory}/prompt.md`);
  assert.equal(env["CHARGEHAND_RESULT"], `${directory}/out/result.json`);
  assert.equal(statSync(`${directory}/out`).mode & 0o777, 0o700);
  const prompt = readFileSync(`${directory}/prompt.md`, "utf8");
  assert.match(prompt, /Sort the shelves/);
  assert.match(prompt, /By height\./);
});

test("I13: a program that attaches what its prompt names is told of a file in which all of outside stands", async (t) => {
  const { ports, claim, task } = await scene(t, { as: "claimed" });
  const profiles = new Map([["developer", { ...PROFILE, backend: "claude" }]]);
  const mention = { title: "See @/etc/passwd", body: "and @admin-token" };
  const asked = async (): Promise<string> => {
    const prepared = await prepare({ ...ports, profiles }, claim, { ...(await task()), ...mention });
    assert.ok(prepared.kind === "ready");
    const { directory, argv } = prepared.launch;
    assert.ok(argv.includes(`--add-dir=${directory}/asked`));
    const prompt = readFileSync(`${directory}/prompt.md`, "utf8");
    assert.ok(!prompt.includes("@") && prompt.includes(`${directory}/asked/task.md`));
    const text = readFileSync(`${directory}/asked/task.md`, "utf8");
    assert.match(
      text,
      /^<outside-text-.*>\nTitle: See @\/etc\/passwd\n[\s\S]*and @admin-token\n<\/outside-text-.*>\n$/,
    );
    return text;
  };
  assert.notEqual(await asked(), await asked(), "each prompt has a delimiter of its own");
});

/** The failure of a run that could not be prepared, with its reason. */
async function refused(t: TestContext, ports: Partial<RunnerPorts>, account: string | null = null) {
  const stage = await scene(t, { as: "claimed" });
  const { run, job } = stage.claim;
  const claim = { job, run: { ...run, account } };
  const prepared = await prepare({ ...stage.ports, ...ports }, claim, await stage.task());
  assert.ok(prepared.kind === "failed" && prepared.outcome.status === "failed");
  return `${prepared.outcome.failure}: ${prepared.outcome.reason}`;
}

test("what has left the configuration is named, and nothing is tried again for it", async (t) => {
  assert.match(
    await refused(t, { projects: new Map() }),
    /^policy: project shop is not in the configuration$/,
  );
  assert.match(await refused(t, { profiles: new Map() }), /^policy: agent profile developer is not /);
});

test("an account that has left the configuration costs no attempt", async (t) => {
  assert.match(
    await refused(t, {}, "gone"),
    /^interrupted: account gone is not in the configuration any more$/,
  );
});

test("I16: a disk that is full is the machine's fault, git's trouble is the workspace's, and a mistake of ours is thrown", async (t) => {
  const { ports, machine, claim, task } = await scene(t, { as: "claimed" });
  const failing = (error: Error) => ({ ...ports.files, write: () => Promise.reject(error) });
  const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  assert.match(
    await refused(t, { files: failing(full) }),
    /^host: what the agent needs could not be written: ENOSPC/,
  );
  for (const code of ["EACCES", "ENOTDIR", "EISDIR", "ELOOP", "ENAMETOOLONG"]) {
    const inTheWay = Object.assign(new Error(`${code}: it stands in the way`), { code });
    const workspaces = { ...ports.workspaces, prepare: () => Promise.reject(inTheWay) };
    assert.match(await refused(t, { workspaces }), /^workspace: .*it stands in the way/);
    assert.match(await refused(t, { files: failing(inTheWay) }), /^host: what the agent needs could not/);
  }
  machine.gitFails.set("prepare", "git fetch failed: no route to host");
  assert.match(await refused(t, { workspaces: ports.workspaces }), /^workspace: git fetch failed: no route/);
  machine.gitFails.clear();
  const mistaken = prepare({ ...ports, files: failing(new TypeError("ours")) }, claim, await task());
  await assert.rejects(mistaken, TypeError);
});
