/** Before an agent starts: what it is given, and whose fault it is when it cannot be. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { backendFor, backendNames } from "../../../agents/registry.ts";
import type { RunnerPorts } from "../../../daemon/run/ports.ts";
import { prepare } from "../../../daemon/run/prepare.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import { readStat } from "../../../system/process/proc.ts";
import { RUN_MARK } from "../../../workflow/run.ts";
import { PROFILE } from "../../agents/profile.ts";
import { until } from "../../system/process/launches.ts";
import { phase } from "../../workflow/decide/phases.ts";
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

test("a window's model is told to the program that it is meant for, and to no other", async (t) => {
  const { ports, claim, task } = await scene(t, { as: "claimed" });
  const profiles = new Map([
    ["developer", { ...PROFILE, backend: "claude", model: "opus" }],
    ["night", { ...PROFILE, name: "night", backend: "claude", model: "haiku" }],
    ["other", { ...PROFILE, name: "other", backend: "codex", model: "gpt" }],
  ]);
  const told = async (agent: string | null, of: string, by = of): Promise<string | null> => {
    const settings = { agent, model: "sonnet", effort: null, permissions: null };
    const taken = { job: { ...claim.job, agent: of }, run: { ...claim.run, agent: by } };
    const prepared = await prepare(
      { ...ports, profiles, windowSettings: () => settings },
      taken,
      await task(),
    );
    return prepared.kind === "ready" ? prepared.plan.model : prepared.outcome.status;
  };
  assert.equal(await told(null, "developer"), "sonnet");
  assert.equal(await told(null, "developer", "other"), "gpt", "a fallback of another program");
  assert.equal(await told("night", "night"), "sonnet");
  assert.equal(await told("night", "other"), "gpt", "one that goes on with its session");
  assert.equal(await told("other", "developer"), "opus", "or that its task has chosen");
  assert.equal(await told("gone", "developer"), "opus");
});

test("I14: what a repository's workflow asks for is no more than whoever plays may have at that time", async (t) => {
  const { ports, claim, task } = await scene(t, { as: "claimed" });
  const claude = { ...PROFILE, backend: "claude", timeoutMs: 60_000 };
  const profiles = new Map([
    ["developer", { ...claude, model: "opus", effort: "high" }],
    ["pinned", { ...claude, name: "pinned", model: "haiku", timeoutMs: 20_000 }],
    ["other", { ...claude, name: "other", backend: "codex", model: "gpt", timeoutMs: 30_000 }],
  ]);
  const asked = { model: "opus", effort: "high", timeoutMs: 50_000 };
  const flow = { name: "own", description: "", bounded: true, phases: [phase("main", asked)] } as const;
  const store = { ...ports.store, workflows: { ofTask: async () => flow } };
  const planned = async (by: string, model: string | null = null) => {
    const settings = { agent: null, model, effort: null, permissions: null };
    const prepared = await prepare(
      { ...ports, profiles, store, windowSettings: () => (model === null ? null : settings) },
      { job: { ...claim.job, phase: "main" }, run: { ...claim.run, agent: by } },
      await task(),
    );
    assert.ok(prepared.kind === "ready");
    const { plan } = prepared;
    return [plan.model, plan.effort, plan.timeoutMs];
  };
  assert.deepEqual(await planned("developer"), ["opus", "high", 50_000]);
  assert.deepEqual(
    await planned("pinned"),
    ["opus", "high", 20_000],
    "names of the project, time of its own",
  );
  assert.deepEqual(await planned("other"), ["gpt", null, 30_000], "a fallback of another program");
  assert.deepEqual(await planned("developer", "haiku"), ["haiku", "high", 50_000], "in a window");
  profiles.set("developer", { ...claude, model: "sonnet", timeoutMs: 10_000 });
  assert.deepEqual(await planned("developer"), ["sonnet", null, 10_000], "lowered since the task began");
});

test("what a workflow of the operator's own asks for goes before the profile and the window", async (t) => {
  const { ports, claim, task } = await scene(t, { as: "claimed" });
  const profiles = new Map([["developer", { ...PROFILE, backend: "claude", model: "haiku" }]]);
  const asked = phase("main", { model: "opus", effort: "high", timeoutMs: 7_200_000 });
  const flow = { name: "own", description: "", phases: [asked] } as const;
  const settings = { agent: null, model: "sonnet", effort: null, permissions: null };
  const store = { ...ports.store, workflows: { ofTask: async () => flow } };
  const prepared = await prepare(
    { ...ports, profiles, store, windowSettings: () => settings },
    { ...claim, job: { ...claim.job, phase: "main" } },
    await task(),
  );
  assert.ok(prepared.kind === "ready");
  const { plan } = prepared;
  assert.deepEqual([plan.model, plan.effort, plan.timeoutMs], ["opus", "high", 7_200_000]);
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

/** Command lines of all processes in a group. */
function commandLines(group: number): readonly string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const own = pids.filter((pid) => readStat(Number(pid))?.group === group);
  return own.map((pid) => readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " "));
}

test("I12: no secret stands on the command line of an agent of any backend, nor of what started it", async (t) => {
  const { ports, claim, task } = await scene(t, { as: "claimed" });
  const { runsDirectory } = ports;
  const agent = join(runsDirectory, "agent");
  mkdirSync(runsDirectory, { recursive: true });
  writeFileSync(agent, "#!/bin/sh\n: >$CHARGEHAND_RESULT.began\nsleep 60\n", { mode: 0o700 });
  const clock = systemClock();
  const processes = systemProcesses(clock, { spare: true });
  const accounts = new Map([["paid", { env: { TOKEN: "s3cret-account" } }]]);
  const environment = { ...ports.environment, API_KEY: "s3cret-named" };
  const run = { ...claim.run, account: "paid" };
  for (const backend of backendNames) {
    const mcp =
      backendFor(backend).lacks.mcp === undefined && backend !== "command"
        ? { tracker: { command: "tracker", args: [], env: { KEY: "s3cret-server" } } }
        : {};
    const profile = {
      ...PROFILE,
      backend,
      program: agent,
      argv: [agent],
      mcp,
      env: ["API_KEY"],
      accounts: ["paid"],
    };
    const profiles = new Map([["developer", profile]]);
    const prepared = await prepare(
      { ...ports, profiles, accounts, environment },
      { ...claim, run },
      await task(),
    );
    assert.ok(prepared.kind === "ready", backend);
    const launch = { ...prepared.launch, cwd: runsDirectory };
    const began = `${launch.env["CHARGEHAND_RESULT"]}.began`;
    rmSync(began, { force: true });
    const result = await processes.launch("run", launch);
    assert.ok(result.kind === "launched", backend);
    const { identity, release } = result.launched;
    release();
    await until("the agent works", () => existsSync(began));
    const lines = commandLines(identity.pgid);
    assert.ok(
      lines.some((line) => line.includes(agent)),
      `${backend}: ${lines.join("\n")}`,
    );
    assert.doesNotMatch(lines.join("\n"), /s3cret/, backend);
    assert.match(readFileSync(`/proc/${identity.pid}/environ`, "latin1"), /s3cret-account/);
    await processes.sweep("test", `${RUN_MARK}=${run.id}`, launch.cwd);
  }
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
