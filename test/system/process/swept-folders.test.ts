/** Which folder a sweep may take for the one of its run. */

import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import test, { type TestContext } from "node:test";
import { createFolders } from "../../../system/process/swept-folders.ts";
import { asleep, launches, processes } from "./launches.ts";

function scratch(t: TestContext): string {
  const path = realpathSync(mkdtempSync(`${tmpdir()}/chargehand-swept-`));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("I14: a folder is the one that was there at the launch; what takes its place is none", (t) => {
  const root = scratch(t);
  const folders = createFolders();
  for (const name of ["mine", "other"]) mkdirSync(`${root}/${name}`);
  folders.remember(`${root}/mine`, root);
  assert.equal(folders.resolve(`${root}/mine`), `${root}/mine`);
  renameSync(`${root}/mine`, `${root}/away`);
  assert.equal(folders.resolve(`${root}/mine`), `${root}/mine`, "who works in what is gone has its name");
  for (const lay of [
    () => renameSync(`${root}/other`, `${root}/mine`),
    () => symlinkSync(`${root}/away`, `${root}/mine`),
    () => symlinkSync("/", `${root}/mine`),
    () => writeFileSync(`${root}/mine`, ""),
  ]) {
    lay();
    assert.equal(folders.resolve(`${root}/mine`), null);
    rmSync(`${root}/mine`, { recursive: true });
  }
  renameSync(`${root}/away`, `${root}/mine`);
  assert.equal(folders.resolve(`${root}/mine`), `${root}/mine`);
});

test("a folder that no launch has told of is the one of the first look, unless it is a link", (t) => {
  const root = scratch(t);
  const folders = createFolders();
  for (const name of ["adopted", "other"]) mkdirSync(`${root}/${name}`);
  symlinkSync(`${root}/other`, `${root}/link`);
  assert.equal(folders.resolve(`${root}/link`), null);
  assert.equal(folders.resolve(`${root}/link/..`.replace("/link/..", "/adopted")), `${root}/adopted`);
  rmSync(`${root}/adopted`, { recursive: true });
  renameSync(`${root}/other`, `${root}/adopted`);
  assert.equal(folders.resolve(`${root}/adopted`), null);
});

test("I14: the next daemon knows the folder of a run by what the one before has noted, and by nothing that lies there", (t) => {
  const root = scratch(t);
  for (const name of ["mine", "other", "run"]) mkdirSync(`${root}/${name}`);
  createFolders().remember(`${root}/mine`, `${root}/run`);
  renameSync(`${root}/mine`, `${root}/away`);
  renameSync(`${root}/other`, `${root}/mine`);
  const next = createFolders();
  next.recall(`${root}/run`);
  assert.equal(next.resolve(`${root}/mine`), null, "it was exchanged while no daemon was there");
  rmSync(`${root}/mine`, { recursive: true });
  renameSync(`${root}/away`, `${root}/mine`);
  assert.equal(next.resolve(`${root}/mine`), `${root}/mine`);
  for (const note of ["", "x", "1/2 relative\n", `1/2 ${root}/mine`]) {
    writeFileSync(`${root}/run/folder.txt`, note);
    const unsure = createFolders();
    unsure.recall(`${root}/run`);
    assert.equal(unsure.resolve(`${root}/mine`), `${root}/mine`, note);
  }
  createFolders().recall(`${root}/nowhere`);
});

test("I14: the sweep after a run ends nobody in a neighbour's folder that was moved or linked into the place of its own", async (t) => {
  const it = launches(t);
  const neighbour = launches(t);
  const env = { PATH: process.env["PATH"] ?? "" };
  await it.start(["true"]);
  const innocent = await neighbour.start(["sleep", "300"], { env });
  await asleep(innocent);
  renameSync(it.worktree, `${it.worktree}-mine`);
  symlinkSync(neighbour.worktree, it.worktree);
  await processes.sweep("test", it.mark, it.worktree);
  assert.ok(processes.isAlive(innocent));
  rmSync(it.worktree);
  renameSync(neighbour.worktree, it.worktree);
  await processes.sweep("test", it.mark, it.worktree);
  assert.ok(processes.isAlive(innocent));
  renameSync(it.worktree, neighbour.worktree);
  renameSync(`${it.worktree}-mine`, it.worktree);
});
