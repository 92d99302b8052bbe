/** Wrappers and scopes: who the agent is stays true. The real manager makes them in `npm run test:systemd`. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { systemCommands } from "../../../system/commands.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import type { LaunchSpec } from "../../../system/process/processes.ts";
import { inScopes, type ScopeLimits, type ScopePorts, scopeTrouble } from "../../../system/process/scopes.ts";
import { clock, endOf, type Launches, launches, processes } from "./launches.ts";

const WHO = ["/bin/sh", "-c", 'echo "$$ $WRAPPED $1"', "agent", "it's $(one) word"];

test("I5: a wrapper that execs keeps pid, streams and words, through a spare shell too", async (t) => {
  const wrapper = ["env", "WRAPPED=yes"];
  for (const spare of [false, true]) {
    const [first, it] = [launches(t), launches(t)];
    const its = systemProcesses(clock, { spare });
    for (const one of [first, it]) {
      const result = await its.launch("test", one.spec(WHO, { wrapper }));
      assert.ok(result.kind === "launched");
      const { identity, release } = result.launched;
      release();
      await endOf(its, identity, one.directory);
      assert.equal(one.read("stdout.log"), `${identity.pid} yes it's $(one) word\n`);
      assert.deepEqual(await its.exitRecord(one.directory), { code: 0, signal: null, neverRan: false });
    }
  }
});

test("F3: where the wrapper fails the agent never ran; where the agent is missing, the wrapper is not to blame", async (t) => {
  const [failing, missing] = [launches(t), launches(t)];
  const wrapper = ["/bin/sh", "-c", "echo no manager >&2; exit 1", "wrapper"];
  const exit = await failing.ended(await failing.start(WHO, { wrapper }));
  assert.deepEqual(exit, { code: 1, signal: null, neverRan: true });
  assert.deepEqual([failing.read("stdout.log"), failing.read("stderr.log")], ["", "no manager\n"]);
  const absent = await missing.ended(await missing.start(["no-such-agent"], { wrapper: ["env"] }));
  assert.deepEqual(absent, { code: 127, signal: null, neverRan: false });
});

/** Programs of systemd's that write down how they were called, and with which manager. */
function managed(
  t: TestContext,
  limits: ScopeLimits,
): ScopePorts & { readonly it: Launches; calls(): string } {
  const it = launches(t);
  const calls = join(it.directory, "calls");
  const note = `#!/bin/sh\necho "\${0##*/} $* at $XDG_RUNTIME_DIR" >>${calls}\n`;
  const exec = 'while [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n';
  writeFileSync(join(it.worktree, "systemd-run"), note + exec, { mode: 0o755 });
  writeFileSync(join(it.worktree, "systemctl"), `${note}exit 1\n`, { mode: 0o755 });
  const env = { PATH: `${it.worktree}:/usr/bin:/bin`, XDG_RUNTIME_DIR: "/run/user/7" };
  const ports = { commands: systemCommands(), env, markedBy: "CHARGEHAND_RUN", limits: () => limits };
  return { ...ports, it, calls: () => readFileSync(calls, "utf8") };
}

test("B6: an agent gets a scope named after its run, with the limits of the configuration", async (t) => {
  const ports = managed(t, { memory: 2 ** 30, tasks: 64, cpus: 1.5 });
  const { it } = ports;
  const env = { PATH: ports.env["PATH"] ?? "", CHARGEHAND_RUN: "7Q" };
  const spec: LaunchSpec = { ...it.spec(["/bin/sh", "-c", "echo $$"]), env };
  const its = inScopes(processes, ports);
  const result = await its.launch("test", spec);
  assert.ok(result.kind === "launched");
  result.launched.release();
  const { identity } = result.launched;
  await endOf(its, identity, it.directory);
  assert.equal(it.read("stdout.log"), `${identity.pid}\n`);
  const unit = "--user --scope --quiet --collect --slice=chargehand.slice --unit=chargehand-7Q";
  const properties = "MemoryMax=1073741824 MemorySwapMax=0 TasksMax=64 CPUQuota=150%";
  const asked = `${unit} ${properties.replaceAll(/\S+/g, "--property=$&")} -- /bin/sh -c`;
  assert.ok(ports.calls().startsWith(`systemd-run ${asked}`), ports.calls());
});

test("A sweep ends the run's scope first, and goes on when there is none", async (t) => {
  const ports = managed(t, { memory: null, tasks: null, cpus: null });
  const { it } = ports;
  const identity = await it.start(["sleep", "300"]);
  assert.equal(await inScopes(processes, ports).sweep("test", it.mark, it.worktree), 2);
  const [, run] = it.mark.split("=");
  const asked = `systemctl --user kill --signal=SIGKILL chargehand-${run}.scope at /run/user/7\n`;
  assert.equal(ports.calls(), asked);
  assert.equal(processes.isAlive(identity), false);
});

test("Whether scopes can be made is tried with the limits; the manager's own words are passed on", async (t) => {
  const ports = managed(t, { memory: null, tasks: 99, cpus: null });
  assert.equal(await scopeTrouble(ports), null);
  assert.match(ports.calls(), /--property=TasksMax=99 -- true at \/run\/user\/7\n$/);
  const program = join(ports.it.worktree, "systemd-run");
  writeFileSync(program, "#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2\nexit 1\n");
  assert.equal(await scopeTrouble(ports), "systemd-run says: Failed to connect to bus: No medium found");
  const nowhere = { ...ports, env: { PATH: "/nowhere" } };
  assert.match((await scopeTrouble(nowhere)) ?? "", /^systemd-run could not be run: .*ENOENT/);
});
