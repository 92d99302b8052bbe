/**
 * I15 by chance: whatever an agent did to its repository, no commit and no file of it is lost when its folder goes.
 *
 * `SEQUENCES=2000 npm test -- test/forges/git/sequences.test.ts` tries more; `SEED=7` begins there.
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { AGENT, must, PUSH, type Repositories, withRepositories } from "./repositories.ts";
import { type Made, madeIn, scriptOf } from "./sequences.ts";

const SEQUENCES = Number(process.env["SEQUENCES"] ?? 30);
const FIRST = Number(process.env["SEED"] ?? 1);
const AT_ONCE = 4;

interface Tried {
  readonly seed: number;
  readonly script: string;
  readonly made: Made;
  readonly told: string;
}

/** An agent that does what the seed says, and all that follows its end. */
async function tryOne(
  { spec, ready, workspaces }: Repositories,
  seed: number,
): Promise<Tried & { readonly mirror: string }> {
  const task = spec(`SHOP-${seed}`);
  const workspace = await ready(task);
  const { directory, borrowed } = workspace;
  const script = scriptOf(seed);
  const env = { ...AGENT, GIT_CEILING_DIRECTORIES: dirname(directory), GIT_EDITOR: "true" };
  await promisify(execFile)("/bin/sh", ["-c", `exec </dev/null\n${script}`], { cwd: directory, env });
  const made = madeIn(directory, env);
  const { told } = must(await workspaces.publish(task, workspace, PUSH));
  must(await workspaces.remove(task));
  assert.equal(existsSync(directory), false);
  return { seed, script, made, told: told.join("\n"), mirror: borrowed };
}

test(`I15: ${SEQUENCES} random sequences of an agent's commands, and no commit and no file is lost`, () =>
  withRepositories(async (repositories) => {
    const tried: (Tried & { readonly mirror: string })[] = [];
    let next = FIRST;
    const work = async (): Promise<void> => {
      for (let seed = next++; seed < FIRST + SEQUENCES; seed = next++)
        tried.push(await tryOne(repositories, seed));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const { folder, git, remote } = repositories;
    const isSetAside = (seed: number, path: string): boolean =>
      existsSync(Buffer.from(`${folder}/data/left/SHOP-${seed}/1/${path}`, "latin1"));
    const mirror = tried[0]?.mirror ?? "";
    const idsOf = (repository: string, ...refs: readonly string[]): readonly string[] =>
      git(repository, "rev-list", "--objects", "--no-object-names", ...refs).split("\n");
    const held = new Set(idsOf(mirror, "--all"));
    const standing = new Set([...idsOf(remote, "--all"), ...idsOf(mirror, "--glob=refs/chargehand/kept")]);
    for (const { seed, script, made, told } of tried) {
      const why = `SEED=${seed}\n${script}\n${told}`;
      for (const commit of made.commits) assert.ok(held.has(commit), `commit ${commit} is lost: ${why}`);
      for (const commit of made.named)
        assert.ok(standing.has(commit), `commit ${commit} is neither pushed nor kept: ${why}`);
      for (const [path, id] of made.files)
        assert.ok(
          standing.has(id) || isSetAside(seed, path),
          `${JSON.stringify(path)} is neither pushed nor kept: ${why}`,
        );
    }
  }));
