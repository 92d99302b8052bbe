/** I14, I16: two tasks of one repository at work at once, and nothing of the one is ever seen at the other. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { AGENT, mustPublish, PUSH, withRepositories } from "./repositories.ts";

const ROUNDS = 200;

/** `$ME` is who it is. */
const SCRIPT = `
echo x > work; git add work; git commit -qm "$ME begins"
mkdir -p .git/hooks
for at in $(seq ${ROUNDS}); do
  printf '#!/bin/sh\\necho %s >> hooked\\n' "$ME" > .git/hooks/pre-commit
  chmod +x .git/hooks/pre-commit
  echo "$ME $at" > work
  case $((at % 4)) in
    0) git stash push -q work;;
    1) git commit -qm "$ME $at" work;;
    2) git branch "$ME-$at"; git checkout -q -- work;;
    3) git config task.owner "$ME $at";;
  esac
done
`;

test(`I14: ${ROUNDS} rounds of two tasks that stash, commit, hook, configure and branch, and nothing crosses`, () =>
  withRepositories(async ({ spec, ready, workspaces, git, remote }) => {
    const tasks = [spec("ONE-1"), spec("TWO-1")] as const;
    const places = [await ready(tasks[0]), await ready(tasks[1])] as const;
    const names = ["alpha", "omega"] as const;
    await Promise.all(
      places.map(({ directory }, at) =>
        promisify(execFile)("/bin/sh", ["-ec", SCRIPT], { cwd: directory, env: { ...AGENT, ME: names[at] } }),
      ),
    );
    for (const [at, { directory }] of places.entries()) {
      const me = names[at] ?? "";
      const other = names[1 - at] ?? "";
      const told = [
        git(directory, "stash", "list"),
        git(directory, "log", "--all", "--format=%s", "-p"),
        git(directory, "for-each-ref"),
        git(directory, "config", "--local", "--list"),
        readFileSync(join(directory, ".git/hooks/pre-commit"), "utf8"),
        readFileSync(join(directory, "hooked"), "utf8"),
      ];
      for (const text of told) {
        assert.match(text, new RegExp(me));
        assert.doesNotMatch(text, new RegExp(other));
      }
      assert.equal(git(directory, "stash", "list").split("\n").length, ROUNDS / 4);
      assert.equal(git(directory, "branch", "--list", `${me}-*`).split("\n").length, ROUNDS / 4);
    }
    const published = await Promise.all(
      places.map(async (place, at) =>
        mustPublish(await workspaces.publish(tasks[at] ?? tasks[0], place, PUSH)),
      ),
    );
    for (const [at, { branch }] of published.entries())
      assert.doesNotMatch(git(remote, "log", "-p", "--format=%s", branch), new RegExp(names[1 - at] ?? ""));
  }));
