/** A folder is gathered again exactly when something in it, or what is asked of it, has changed. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../../system/clock.ts";
import { type Commands, systemCommands } from "../../../system/commands.ts";
import { mustPublish, open, PUSH, type Repositories, withRepositories } from "./repositories.ts";

/** Commands that count the steps which look through a folder with git. */
function counting(): { readonly commands: Commands; steps(): number } {
  const real = systemCommands();
  let steps = 0;
  return {
    commands: {
      run(operation, spec) {
        if (spec.argv.some((word) => word.includes("inside/main"))) steps += 1;
        return real.run(operation, spec);
      },
    },
    steps: () => steps,
  };
}

async function scene({ folder, spec, agent }: Repositories) {
  const { commands, steps } = counting();
  const workspaces = open(folder, systemClock(), { commands, codeCache: undefined });
  const task = spec("SHOP-1");
  const workspace = await workspaces.prepare(task);
  assert.ok(workspace.kind === "ok");
  agent(workspace.value.directory, "mkdir d; echo one > d/a; echo loose > b; git add d; git commit -qm One");
  const publish = async (more = {}) =>
    mustPublish(await workspaces.publish({ ...task, ...more }, workspace.value, PUSH));
  return { task, directory: workspace.value.directory, steps, publish };
}

test("what was gathered and has not changed since is not gathered again, also by the next daemon", () =>
  withRepositories(async (repositories) => {
    const { folder } = repositories;
    const { steps, publish, task } = await scene(repositories);
    const first = await publish();
    assert.deepEqual([await publish(), steps()], [first, 1]);
    const next = counting();
    const restarted = open(folder, systemClock(), { commands: next.commands, codeCache: undefined });
    // Who puts a folder away does not know in whose name its agent works.
    const identity = { name: "Another", email: "another@localhost" };
    assert.deepEqual(await restarted.remove({ ...task, identity }), { kind: "ok", value: null });
    assert.equal(next.steps(), 0);
  }));

test("I15: every change of the folder is seen, however it is hidden", () =>
  withRepositories(async (repositories) => {
    const { directory, steps, publish } = await scene(repositories);
    const seen = new Set([(await publish()).commit]);
    const changes = [
      // As large as before, and as old.
      "touch -r d/a ../stamp; printf 'two\\n' > d/a; touch -r ../stamp d/a; rm ../stamp",
      "chmod +x d/a",
      "ln -sf b d/a",
      "rm b",
      "git mv d/a c",
      "git commit -qam Two",
      "git commit -q --amend -m Three",
    ];
    for (const [at, change] of changes.entries()) {
      repositories.agent(directory, change);
      seen.add((await publish()).commit);
      assert.equal(steps(), at + 2, change);
    }
    assert.equal(seen.size >= 5, true, "what changed the tree was published each time");
  }));

test("what is asked otherwise is gathered anew; what was gathered stands under refs, whatever became of them", () =>
  withRepositories(async (repositories) => {
    const { folder, git } = repositories;
    const { steps, publish } = await scene(repositories);
    const { commit } = await publish();
    const [name = ""] = readdirSync(join(folder, "data/mirrors"));
    const mirror = join(folder, "data/mirrors", name);
    const ref = `refs/chargehand/gathered/SHOP-1/${commit}`;
    git(mirror, "update-ref", "-d", ref);
    await publish();
    assert.deepEqual([git(mirror, "rev-parse", ref), steps()], [commit, 1]);
    await publish({ title: "Another title" });
    assert.equal(steps(), 2);
  }));
