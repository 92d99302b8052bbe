/** A launch through a spare shell is told from any other only by its speed. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { launchScript } from "../../system/launcher.ts";
import { systemProcesses } from "../../system/linux.ts";
import type { Launched, LaunchSpec, Processes } from "../../system/processes.ts";
import { createSpares } from "../../system/spare.ts";
import { clock, stage } from "./stage.ts";

const HOSTILE = ["$(touch owned)", "a'b\"c", "line\nbreak", "-n", "", "*", "é\u202e", "\\"];
const NEVER = new AbortController().signal;

interface Scene {
  readonly processes: Processes;
  spec(argv: readonly string[], name: string, more?: Partial<LaunchSpec>): LaunchSpec;
  launch(spec: LaunchSpec): Promise<Launched>;
}

/** Processes that have a spare shell waiting: the first launch brings it up. */
async function scene(t: TestContext): Promise<Scene> {
  const it = stage(t);
  const processes = systemProcesses(clock, { spare: true });
  const spec: Scene["spec"] = (argv, name, more) => {
    const directory = join(it.directory, name);
    mkdirSync(directory, { recursive: true });
    return { ...it.spec(argv), directory, ...more };
  };
  const launch = async (given: LaunchSpec): Promise<Launched> => {
    const result = await processes.launch("test", given);
    assert.ok(result.kind === "launched", result.kind === "failed" ? result.reason : "");
    return result.launched;
  };
  const first = await launch(spec(["/bin/true"], "first"));
  first.release();
  await processes.ended(first.identity, join(it.directory, "first"), NEVER);
  await clock.sleep(100);
  return { processes, spec, launch };
}

test("I13: through a spare shell, arguments and environment arrive byte for byte", async (t) => {
  const { processes, spec, launch } = await scene(t);
  const env = { PATH: "/usr/bin:/bin", ODD: HOSTILE.join("|") };
  for (const [name, argv] of [
    ["argv", ["printf", "%s\\0", ...HOSTILE]],
    ["env", ["cat", "/proc/self/environ"]],
  ] as const) {
    const given = spec(argv, name, { env });
    const launched = await launch(given);
    launched.release();
    await processes.ended(launched.identity, given.directory, NEVER);
    assert.deepEqual(await processes.exitRecord(given.directory), { code: 0, signal: null, neverRan: false });
    const parts = readFileSync(join(given.directory, "stdout.log"), "utf8").split("\0").slice(0, -1);
    const wanted = name === "argv" ? HOSTILE : Object.entries(env).map(([key, value]) => `${key}=${value}`);
    assert.deepEqual(parts.filter((part) => !part.startsWith("PWD=")).sort(), [...wanted].sort());
    await clock.sleep(100);
  }
});

test("F3: through a spare shell, a closed gate leaves an agent that never ran, and an open one its own pid", async (t) => {
  const { processes, spec, launch } = await scene(t);
  const closed = spec(["/bin/true"], "closed");
  const one = await launch(closed);
  assert.equal(processes.isAlive(one.identity), true);
  one.abandon();
  await processes.ended(one.identity, closed.directory, NEVER);
  assert.equal((await processes.exitRecord(closed.directory))?.neverRan, true);
  await clock.sleep(100);
  const open = spec(["/bin/sleep", "60"], "open");
  const two = await launch(open);
  two.release();
  await clock.sleep(50);
  assert.equal(processes.signal("test", two.identity, "SIGINT", "group"), true);
  await processes.ended(two.identity, open.directory, NEVER);
  assert.deepEqual(await processes.exitRecord(open.directory), {
    code: null,
    signal: "SIGINT",
    neverRan: false,
  });
});

test("a spare is used only for what a shell can say exactly", () => {
  const given = { argv: ["true"], cwd: "/", env: { "odd-name": "x" }, directory: "/tmp", stdin: null };
  assert.equal(launchScript(given), null);
  assert.equal(launchScript({ ...given, env: { FINE: "nul\0" } }), null);
  assert.equal(createSpares(clock).take("true"), null, "nobody waits before the first launch");
});
