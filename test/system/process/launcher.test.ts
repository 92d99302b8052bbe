/** What the launcher hands to an agent, and what it tells of its end. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "node:test";
import { launchArguments, parseExit } from "../../../system/process/launcher.ts";
import { allPids, readStat } from "../../../system/process/proc.ts";
import type { LaunchSpec } from "../../../system/process/processes.ts";
import { asleep, launches, processes, until } from "./launches.ts";

test("I13: arguments arrive byte for byte, whatever a shell would make of them", async (t) => {
  const it = launches(t);
  const words = [
    'it\'s "quoted"',
    "two\nlines\n",
    "$(touch pwned) `touch pwned` ${HOME} $1 $@",
    "",
    "-n",
    "--",
    "\\",
    "; touch pwned & | > x < y *",
    "\t ü€😀 ",
  ];
  const identity = await it.start([
    "/bin/sh",
    "-c",
    'for word; do printf "%s\\0" "$word"; done',
    "agent",
    ...words,
  ]);
  await it.ended(identity);
  assert.deepEqual(it.read("stdout.log")?.split("\0").slice(0, -1), words);
  assert.deepEqual(readdirSync(it.worktree), []);
});

test("I12: the environment is what was asked for, and nothing of the daemon's own", async (t) => {
  const it = launches(t);
  process.env["CHARGEHAND_TEST_SECRET"] = "s3cret";
  t.after(() => delete process.env["CHARGEHAND_TEST_SECRET"]);
  const env = { PATH: "/usr/bin:/bin", CHARGEHAND_RUN: it.directory, ODD: "a=b\n'$(x)\" ü", EMPTY: "" };
  await it.ended(await it.start(["cat", "/proc/self/environ"], { env }));
  const entries = (it.read("stdout.log") ?? "").split("\0").slice(0, -1);
  // A shell writes down where it is, and some how deep.
  const own = entries.filter((entry) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(entry));
  assert.deepEqual(
    own.sort(),
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
  );
});

test("A file of 1 MB comes in by stdin; without one there is nothing to read", async (t) => {
  const [it, other] = [launches(t), launches(t)];
  const stdin = join(it.directory, "prompt.md");
  const bytes = randomBytes(1_048_576);
  writeFileSync(stdin, bytes);
  await it.ended(await it.start(["cat"], { stdin }));
  const digest = (data: Buffer): string => createHash("sha256").update(data).digest("hex");
  assert.equal(digest(readFileSync(join(it.directory, "stdout.log"))), digest(bytes));
  assert.equal((await other.ended(await other.start(["cat"])))?.code, 0);
  assert.equal(other.read("stdout.log"), "");
});

test("Output is appended to files that only their owner may read", async (t) => {
  const it = launches(t);
  await it.ended(await it.start("echo one; echo oops >&2"));
  await it.ended(await it.start("echo two"));
  assert.deepEqual([it.read("stdout.log"), it.read("stderr.log")], ["one\ntwo\n", "oops\n"]);
  for (const name of ["stdout.log", "stderr.log"]) {
    assert.equal(statSync(join(it.directory, name)).mode & 0o777, 0o600, name);
  }
});

test("L1, L2: every signal has its default meaning to the agent, and nothing of the gate is left in it", async (t) => {
  const it = launches(t);
  const identity = await it.start(["sleep", "300"]);
  await asleep(identity);
  const status = readFileSync(`/proc/${identity.pid}/status`, "latin1");
  for (const name of ["SigBlk", "SigIgn", "SigCgt"]) {
    const mask = new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1];
    assert.equal(BigInt(`0x${mask}`), 0n, `${name} is ${mask}`);
  }
  const passedOn = new Set(["0", "1", "2", ...inheritable()]);
  // A program that has just begun still loads its libraries, each by a descriptor that it closes again.
  await until(
    "an agent that has no descriptor of the gate",
    () => readdirSync(`/proc/${identity.pid}/fd`).every((fd) => passedOn.has(fd)) || null,
  );
  assert.equal(readlinkSync(`/proc/${identity.pid}/cwd`), it.worktree);
});

/** What whoever started these tests left open for every program below. */
function inheritable(): readonly string[] {
  const closesOnExec = (fd: string): boolean => {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1"))?.[1];
    return (BigInt(`0o${flags ?? "0"}`) & 0o2000000n) !== 0n;
  };
  // The descriptor by which the list itself is read is gone when it is looked at.
  const open = readdirSync("/proc/self/fdinfo").filter((fd) => existsSync(`/proc/self/fdinfo/${fd}`));
  return open.filter((fd) => Number(fd) > 2 && !closesOnExec(fd));
}

test("The agent stands in a group and session of its own, with a launcher and nobody else", async (t) => {
  const it = launches(t);
  const identity = await it.start(["sleep", "300"]);
  await asleep(identity);
  const group = allPids().filter((pid) => readStat(pid)?.group === identity.pgid);
  assert.deepEqual(group.sort(), [identity.pgid, identity.pid].sort());
  assert.notEqual(readStat(process.pid)?.group, identity.pgid);
  assert.equal(readStat(identity.pid)?.parent, identity.pgid);
  assert.equal(readStat(identity.pgid)?.parent, process.pid);
});

const ENDS: readonly [string, number | null, string | null][] = [
  ["exit 0", 0, null],
  ["exit 3", 3, null],
  // The gate's own code, here said by an agent.
  ["exit 75", 75, null],
  ["exit 128", 128, null],
  // 128 + 16 and 128 + 19: a program's own codes, for no process ends by these signals.
  ["exit 144", 144, null],
  ["exit 147", 147, null],
  ["exit 255", 255, null],
  ["kill -INT $$", null, "SIGINT"],
  ["kill -TERM $$", null, "SIGTERM"],
  ["kill -KILL $$", null, "SIGKILL"],
  ["kill -SEGV $$", null, "SIGSEGV"],
];

test("exit.json tells an exit code from a signal", async (t) => {
  const seen = ENDS.map(async ([script]) => {
    const it = launches(t);
    const exit = await it.ended(await it.start(`ulimit -c 0; ${script}`));
    return [script, exit?.code, exit?.signal, exit?.neverRan];
  });
  assert.deepEqual(
    await Promise.all(seen),
    ENDS.map((end) => [...end, false]),
  );
});

test("A program that is not there, or is no program, ends with the shell's code and its message in stderr.log", async (t) => {
  const [missing, plain] = [launches(t), launches(t)];
  const file = join(plain.worktree, "plain.txt");
  writeFileSync(file, "no program");
  const exits = [
    await missing.ended(await missing.start(["no-such-program"])),
    await plain.ended(await plain.start([file])),
  ];
  assert.deepEqual(
    exits.map((exit) => [exit?.code, exit?.neverRan]),
    [
      [127, false],
      [126, false],
    ],
  );
  assert.match(missing.read("stderr.log") ?? "", /no-such-program.*not found/);
  assert.match(plain.read("stderr.log") ?? "", /[Pp]ermission denied/);
});

const BROKEN: Readonly<Record<string, readonly [Partial<LaunchSpec>, RegExp]>> = {
  "a working directory that is gone": [{ cwd: "/nowhere/at/all" }, /\/nowhere\/at\/all.*ENOENT/],
  "a run directory that is gone": [{ directory: "/nowhere/at/all" }, /ENOENT.*folder\.txt/],
  "a prompt that is gone": [{ stdin: "/nowhere/prompt.md" }, /ENOENT.*prompt\.md/],
  "no program": [{ argv: [] }, /no program/],
  "an argument that is too long": [{ argv: ["true", "x".repeat(200_000)] }, /too long/],
  "a NUL byte beside a secret": [{ env: { KEY: "s3cret\0" } }, /NUL/],
};
for (const [name, [broken, reason]] of Object.entries(BROKEN)) {
  test(`A launch with ${name} fails with a reason, and leaves nothing open`, async (t) => {
    const it = launches(t);
    const open = readdirSync("/proc/self/fd").length;
    const result = await processes.launch("test", it.spec(["true"], broken));
    assert.ok(result.kind === "failed");
    assert.match(result.reason, reason);
    assert.doesNotMatch(result.reason, /s3cret|xxx/);
    await new Promise(setImmediate);
    assert.equal(readdirSync("/proc/self/fd").length, open);
  });
}

test("Only what the launcher writes is read as an exit", () => {
  assert.deepEqual(parseExit('{"status":0,"ran":true}\n'), { code: 0, signal: null, neverRan: false });
  assert.deepEqual(parseExit('{"status":137,"ran":true}\n'), {
    code: null,
    signal: "SIGKILL",
    neverRan: false,
  });
  assert.deepEqual(parseExit('{"status":75,"ran":false}\n'), { code: 75, signal: null, neverRan: true });
  for (const text of [
    "",
    "{",
    "null",
    "7",
    '{"status":0}\n',
    '{"status":-1,"ran":true}\n',
    '{"status":0,"ran":true}',
  ]) {
    assert.equal(parseExit(text), null, text);
  }
});

test("L6: signals that come when the agent has just ended do not keep its exit from being written down", async (t) => {
  const it = launches(t);
  const late = join(it.worktree, "late-mv");
  // As the real one, but all signals of a stop that is a moment too late have reached its group before.
  writeFileSync(late, '#!/bin/sh\nkill -INT 0; kill -TERM 0; kill -HUP 0\nexec /bin/mv "$@"\n', {
    mode: 0o755,
  });
  const words = launchArguments(it.spec(["/bin/sh", "-c", "exit 3"]));
  const slowed = words.map((word, nth) => (nth === 1 ? word.replace("/bin/mv", late) : word));
  assert.notDeepEqual(slowed, words);
  const launcher = spawn("/bin/sh", slowed, { detached: true, stdio: ["ignore", 1, 2, "pipe", "ignore"] });
  const gate = launcher.stdio[3];
  assert.ok(gate instanceof Writable);
  gate.end("go\n");
  assert.deepEqual(await once(launcher, "exit"), [0, null]);
  assert.deepEqual(await processes.exitRecord(it.directory), { code: 3, signal: null, neverRan: false });
});
