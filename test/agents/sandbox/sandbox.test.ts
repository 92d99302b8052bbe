/** Real agents in real sandboxes: their ends, signals, adoption, and that nothing of them is left. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { sandboxCommand } from "../../../agents/sandbox/sandbox.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import type { ProcessIdentity } from "../../../system/process/processes.ts";
import { clock, type Launches, launches, processes, until } from "../../system/process/launches.ts";
import { confinedTo, NO_SANDBOX, walls } from "./walled.ts";

const skip = NO_SANDBOX;

interface Walled {
  readonly it: Launches;
  start(script: string): Promise<ProcessIdentity>;
}

function walled(t: TestContext): Walled {
  const it = launches(t);
  const wrapper = walls([it.directory]).inside(confinedTo(it.worktree));
  return { it, start: (script) => it.start(["/bin/sh", "-c", script], { wrapper }) };
}

test("I14: an agent sees its folder and the system, and neither its run's files nor anybody's home", {
  skip,
}, async (t) => {
  const { it, start } = walled(t);
  writeFileSync(join(it.directory, "secret"), "s3cret");
  const script = [
    `cat ${it.directory}/secret || echo hidden`,
    'echo "$(ls /)"; ls /home /root /var /etc/chargehand || echo none',
    "echo made > made; touch /usr/x /x || echo read-only; ls /tmp | wc -l; ls /sys | wc -l; echo x > /dev/null",
    "grep -c . /proc/[0-9]*/stat | wc -l; grep NoNewPrivs /proc/self/status",
  ].join("\n");
  const exit = await it.ended(await start(script));
  const out = it.read("stdout.log") ?? "";
  assert.deepEqual(exit, { code: 0, signal: null, neverRan: false }, `${out}${it.read("stderr.log")}`);
  const [first, ...rest] = out.split("\n");
  assert.equal(first, "hidden");
  assert.ok(rest.includes("none") && rest.includes("read-only"), out);
  assert.match(out, /NoNewPrivs:\t1/);
  assert.equal(readFileSync(join(it.worktree, "made"), "utf8"), "made\n");
});

test("exit codes and the signals that end an agent come through", { skip }, async (t) => {
  for (const [script, code, signal] of [
    ["exit 7", 7, null],
    ["kill -9 $$", null, "SIGKILL"],
    ["kill -TERM $$", null, "SIGTERM"],
  ] as const) {
    const { it, start } = walled(t);
    assert.deepEqual(await it.ended(await start(script)), { code, signal, neverRan: false }, script);
  }
});

for (const signal of ["SIGINT", "SIGTERM"] as const)
  test(`${signal} to the group reaches the agent, which says its last words and chooses its exit`, {
    skip,
  }, async (t) => {
    const { it, start } = walled(t);
    const name = signal.slice(3);
    const identity = await start(
      `trap 'sleep 0.1; echo last words; exit 5' ${name}; echo ready; while :; do sleep 0.05; done`,
    );
    await until("it is ready", () => it.read("stdout.log")?.includes("ready") === true);
    assert.ok(processes.signal("test", identity, signal, "group"));
    assert.deepEqual(await it.ended(identity), { code: 5, signal: null, neverRan: false });
    assert.equal(it.read("stdout.log"), "ready\nlast words\n");
  });

test("an agent that has left for a group of its own hears the signals, too", { skip }, async (t) => {
  const it = launches(t);
  const wrapper = walls().inside(confinedTo(it.worktree));
  const script = "trap 'echo last words; exit 6' TERM; echo ready; while :; do sleep 0.05; done";
  const identity = await it.start(["/bin/sh", "-c", script], {
    wrapper: [...wrapper, "setsid"],
  });
  await until("it is ready", () => it.read("stdout.log")?.includes("ready") === true);
  assert.ok(processes.signal("test", identity, "SIGTERM", "group"));
  await it.ended(identity);
  assert.match(it.read("stdout.log") ?? "", /last words/);
});

test("SIGINT ends an agent that does not care for it, as it does without walls", { skip }, async (t) => {
  const { it, start } = walled(t);
  const identity = await start("echo ready; exec sleep 1000");
  await until("it is ready", () => it.read("stdout.log")?.includes("ready") === true);
  assert.ok(processes.signal("test", identity, "SIGINT", "group"));
  assert.deepEqual(await it.ended(identity), { code: null, signal: "SIGINT", neverRan: false });
});

test("I6: another daemon takes the agent over, by the identity on record", { skip }, async (t) => {
  const { it, start } = walled(t);
  const identity = await start("while [ ! -e go ]; do sleep 0.02; done; echo done; exit 3");
  const next = systemProcesses(clock);
  assert.ok(next.isAlive(identity) && next.isLauncherAlive(identity));
  writeFileSync(join(it.worktree, "go"), "");
  await next.ended(identity, it.directory, new AbortController().signal);
  assert.deepEqual(await next.exitRecord(it.directory), { code: 3, signal: null, neverRan: false });
});

test("S5: the sweep ends everything inside: what has left session, folder and mark, too", {
  skip,
}, async (t) => {
  const { it, start } = walled(t);
  const beat = join(it.worktree, "beat");
  const stray = `cd /; exec env -i setsid /bin/sh -c 'while :; do echo >> ${beat}; sleep 0.02; done'`;
  const identity = await start(`(${stray}) & while [ ! -e ${beat} ]; do sleep 0.02; done; exit 0`);
  assert.deepEqual(await it.ended(identity), { code: 0, signal: null, neverRan: false });
  assert.ok((await processes.strays("test", it.mark, it.worktree)) > 0, "it is still there, and found");
  await processes.sweep("test", it.mark, it.worktree);
  const size = readFileSync(beat).length;
  await clock.sleep(200);
  assert.equal(readFileSync(beat).length, size, "nobody writes any more");
  assert.equal(await processes.strays("test", it.mark, it.worktree), 0);
});

test("SIGKILL to the group ends everything, and leaves no exit", { skip }, async (t) => {
  const { it, start } = walled(t);
  const identity = await start("trap '' INT TERM; echo ready; while :; do sleep 0.05; done");
  await until("it is ready", () => it.read("stdout.log")?.includes("ready") === true);
  assert.ok(processes.signal("test", identity, "SIGKILL", "group"));
  assert.equal(await it.ended(identity), null);
  await processes.sweep("test", it.mark, it.worktree);
  assert.equal(await processes.strays("test", it.mark, it.worktree), 0);
});

test("where the sandbox cannot be made the agent never ran, and its launcher says so", {
  skip,
}, async (t) => {
  const it = launches(t);
  const wrapper = walls().inside(confinedTo(it.worktree, { writable: [it.worktree, "/nowhere/at/all"] }));
  const exit = await it.ended(await it.start(["true"], { wrapper }));
  assert.deepEqual([exit?.code, exit?.neverRan], [1, true]);
  assert.match(it.read("stderr.log") ?? "", /bwrap: Can't find source path \/nowhere/);
});

test("network: none leaves nothing but a loopback of its own", { skip }, async (t) => {
  const it = launches(t);
  const wrapper = walls().inside(confinedTo(it.worktree, { network: "none" }));
  await it.ended(await it.start(["/bin/sh", "-c", "tail -n +3 /proc/net/dev | cut -d: -f1"], { wrapper }));
  assert.equal(it.read("stdout.log")?.trim(), "lo");
});

test("a spare launcher starts an agent in the sandbox, too", { skip }, async (t) => {
  const spared = systemProcesses(clock, { spare: true });
  for (const _ of [1, 2]) {
    const it = launches(t);
    const wrapper = walls().inside(confinedTo(it.worktree));
    const result = await spared.launch("test", it.spec(["/bin/sh", "-c", "pwd; exit 4"], { wrapper }));
    assert.ok(result.kind === "launched");
    result.launched.release();
    await spared.ended(result.launched.identity, it.directory, new AbortController().signal);
    assert.deepEqual(await spared.exitRecord(it.directory), { code: 4, signal: null, neverRan: false });
    assert.equal(it.read("stdout.log")?.trim(), it.worktree);
    await clock.sleep(100);
  }
});

test("what is named inside a folder that is shown read-only can be written, and the other way round", {
  skip,
}, async (t) => {
  const it = launches(t);
  for (const path of ["a", "a/b", "a/b/c"]) mkdirSync(join(it.worktree, path));
  const [a, b, c] = ["a", "a/b", "a/b/c"].map((path) => join(it.worktree, path));
  const place = { cwd: a ?? "", writable: [b ?? ""], readable: [a ?? "", c ?? ""], network: "open" } as const;
  const wrapper = walls().inside({ ...confinedTo(it.worktree), ...place });
  const script = `for at in ${a} ${b} ${c}; do touch $at/x 2>/dev/null && echo yes || echo no; done`;
  await it.ended(await it.start(["/bin/sh", "-c", script], { wrapper }));
  assert.equal(it.read("stdout.log"), "no\nyes\nno\n");
  assert.ok(existsSync(join(b ?? "", "x")));
});

test("the command line is made of the place alone: outer folders first, nothing twice", () => {
  const shown = { readable: ["/usr", "/etc/hosts"], links: { "/bin": "usr/bin" } };
  const place = {
    cwd: "/w/t",
    writable: ["/w/t"],
    readable: ["/usr/share/x", "/w", "/w/t/keep"],
    network: "none",
  } as const;
  const argv = sandboxCommand(place, shown);
  const from = argv.indexOf("--symlink");
  assert.deepEqual(argv.slice(from, argv.indexOf("--remount-ro")), [
    ...["--symlink", "usr/bin", "/bin"],
    ...["--ro-bind-try", "/usr", "/usr"],
    ...["--ro-bind-try", "/w", "/w"],
    ...["--ro-bind-try", "/etc/hosts", "/etc/hosts"],
    ...["--bind", "/w/t", "/w/t"],
    ...["--ro-bind-try", "/w/t/keep", "/w/t/keep"],
  ]);
  assert.ok(argv.includes("--unshare-net"));
});
