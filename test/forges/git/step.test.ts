/** The step inside the walls as a program: it ends when there is nothing to work on, or nobody to work for. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { GatherRequest } from "../../../forges/git/inside/report.ts";
import { type Repositories, withRepositories } from "./repositories.ts";

const PROGRAM = join(import.meta.dirname, "../../../forges/git/inside/main.ts");

async function requestOf(repositories: Repositories, more: Partial<GatherRequest>): Promise<GatherRequest> {
  const { folder, git, ready, spec } = repositories;
  const { directory, borrowed } = await ready(spec("SHOP-1"));
  const start = git(directory, "rev-parse", "HEAD");
  const scratch = join(folder, "scratch");
  mkdirSync(scratch);
  return {
    ...{ directory, scratch, objects: `${borrowed}/objects`, format: "sha1", start, known: [start] },
    ...{
      index: null,
      submodules: [],
      excluded: [],
      identity: { name: "T", email: "t@localhost" },
      message: "m\n",
    },
    ...{ fileBytesMax: 1_000, filesOnly: false, path: process.env["PATH"] ?? "" },
    ...more,
  };
}

function start(): { readonly step: ChildProcess; readonly said: Promise<string> } {
  const step = spawn(process.execPath, [PROGRAM], { stdio: ["pipe", "pipe", "pipe"], timeout: 60_000 });
  let text = "";
  step.stderr?.on("data", (chunk) => {
    text += String(chunk);
  });
  return { step, said: once(step, "close").then(() => text) };
}

test("I16: a step ends when its folder is gone, and asks nobody for ever whether it is there", () =>
  withRepositories(async (repositories) => {
    // No folder can be made below this one though it is there: so one that was removed outside looks from inside.
    const request = await requestOf(repositories, { scratch: "/proc/self/fdinfo" });
    const { step, said } = start();
    step.stdin?.end(JSON.stringify(request));
    assert.match(await said, /ENOENT/);
    assert.equal(step.exitCode, 1);
  }));

test("I16: a step ends when its daemon has gone", () =>
  withRepositories(async (repositories) => {
    const request = await requestOf(repositories, {});
    const { step, said } = start();
    step.stdout?.destroy();
    step.stdin?.end(JSON.stringify(request));
    assert.match(await said, /nobody waits for the answer any more/);
    assert.equal(step.exitCode, 1);
  }));
