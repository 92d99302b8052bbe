/** The sweep: what no group signal reaches is found by its environment or by where it works. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { allPids, hasMark } from "../../../system/process/proc.ts";
import { asleep, commandOf, isRunning, launches, pidIn, processes, until } from "./launches.ts";

const SWEEPER = fileURLToPath(new URL("./sweeper.ts", import.meta.url));

test("A tool in a session of its own is found by its mark, one without environment by its directory", async (t) => {
  const it = launches(t);
  mkdirSync(`${it.worktree}/src`);
  const out = it.directory;
  const identity = await it.start(`
    (cd / && exec setsid sh -c 'echo $$ >${out}/marked; exec sleep 300') &
    (cd src && exec setsid env -i sh -c 'echo $$ >${out}/working; exec sleep 300') &
    exit 0`);
  assert.equal((await it.ended(identity))?.code, 0);
  const strays = [await pidIn(it, "marked"), await pidIn(it, "working")];
  for (const pid of strays) await until("a stray asleep", () => commandOf(pid) === "sleep");
  assert.equal(await processes.strays("test", it.mark, it.worktree), 2);
  assert.deepEqual(strays.map(isRunning), [true, true], "a look kills nobody");
  assert.equal(await processes.sweep("test", it.mark, it.worktree), 2);
  assert.deepEqual(strays.map(isRunning), [false, false]);
  assert.equal(await processes.sweep("test", it.mark, it.worktree), 0);
  assert.equal(await processes.strays("test", it.mark, it.worktree), 0);
});

test("Neighbours are left alone: a longer mark, a mark elsewhere in the environment, a directory that begins alike", async (t) => {
  const it = launches(t);
  const neighbour = launches(t);
  mkdirSync(`${it.worktree}-2`);
  const PATH = process.env["PATH"] ?? "";
  const neighbours = [
    await neighbour.start(["sleep", "300"], { env: { PATH, CHARGEHAND_RUN: `${it.mark.split("=")[1]}2` } }),
    await neighbour.start(["sleep", "300"], { env: { PATH, MY_CHARGEHAND_RUN: it.mark } }),
    await neighbour.start(["sleep", "300"], { cwd: `${it.worktree}-2` }),
  ];
  const stray = await it.start(["sleep", "300"], { cwd: "/" });
  assert.ok((await processes.sweep("test", it.mark, it.worktree)) >= 1);
  assert.equal(processes.isAlive(stray), false);
  for (const identity of neighbours) assert.ok(processes.isAlive(identity));
});

test("A directory below a symbolic link is found by its real name", async (t) => {
  const it = launches(t);
  const link = `${it.directory}/link`;
  symlinkSync(dirname(it.worktree), link);
  const identity = await it.start(["sleep", "300"], { env: { PATH: process.env["PATH"] ?? "" } });
  await asleep(identity);
  assert.ok(
    (await processes.sweep("test", "CHARGEHAND_RUN=nobody", `${link}/${basename(it.worktree)}`)) >= 1,
  );
  assert.equal(processes.isAlive(identity), false);
});

test("What forks while it is being killed is killed as well", async (t) => {
  const it = launches(t);
  await it.start(
    `i=0; while [ $i -lt 300 ]; do setsid sleep 300 & i=$((i + 1)); [ $i = 20 ] && echo; done; wait`,
  );
  await until("twenty strays", () => it.read("stdout.log") === "\n");
  const killed = await processes.sweep("test", it.mark, it.worktree);
  assert.ok(killed >= 20, `only ${killed}`);
  assert.deepEqual(
    allPids().filter((pid) => isRunning(pid) && hasMark(pid, it.mark)),
    [],
  );
});

test("A sweep spares itself and those above it, though they carry the mark", async (t) => {
  const it = launches(t);
  const [name = "", value = ""] = it.mark.split("=");
  const script = 'cd "$3"; sleep 300 & "$0" "$1" "$2" "$3"; echo survived';
  const options = { env: { PATH: process.env["PATH"] ?? "", [name]: value } };
  const args = ["-c", script, process.execPath, SWEEPER, it.mark, it.worktree];
  const { stdout } = await promisify(execFile)("/bin/sh", args, options);
  assert.equal(stdout, "1\nsurvived\n");
});
