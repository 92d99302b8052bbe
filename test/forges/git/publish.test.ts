/** Work of agents on its way to the remote. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { must, mustPublish, PUSH, reasonOf, withRepositories } from "./repositories.ts";

test("what an agent leaves uncommitted is committed as <KEY>: <title> and pushed", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-2", { title: "  Two\nlines, 'quotes' and $(shell)  " });
    const workspace = await repositories.ready(spec);
    writeFileSync(join(workspace.directory, "work.txt"), "done\n");
    mkdirSync(join(workspace.directory, ".chargehand"));
    writeFileSync(join(workspace.directory, ".chargehand", "scratch"), "not for the repository");
    const { commit, branch } = mustPublish(await repositories.workspaces.publish(spec, workspace, PUSH));
    assert.equal(repositories.git(repositories.remote, "rev-parse", branch), commit);
    assert.equal(
      repositories.git(repositories.remote, "log", "-1", "--format=%s%n%an", branch),
      "SHOP-2: Two lines, 'quotes' and $(shell)\nChargehand",
    );
    assert.equal(
      repositories.git(repositories.remote, "ls-tree", "--name-only", "-r", branch),
      "README.md\nwork.txt",
    );
    const again = must(await repositories.workspaces.publish(spec, workspace, PUSH));
    assert.equal(again.commit, commit, "publishing again changes nothing");
  }));

test("an agent that changed nothing publishes nothing", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-3");
    const published = must(await repositories.workspaces.publish(spec, await repositories.ready(spec), PUSH));
    assert.equal(published.commit, null);
    assert.equal(repositories.git(repositories.remote, "branch", "--list", "chargehand/*"), "");
  }));

test("W3: hooks that an agent plants do not run when its work is published", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-7");
    const workspace = await repositories.ready(spec);
    const hooks = join(repositories.folder, "hooks");
    mkdirSync(hooks);
    const [mirror = ""] = readdirSync(join(repositories.folder, "data", "mirrors"));
    for (const folder of [hooks, join(repositories.folder, "data", "mirrors", mirror, "hooks")]) {
      mkdirSync(folder, { recursive: true });
      for (const name of ["pre-commit", "commit-msg", "post-commit", "pre-push", "reference-transaction"]) {
        writeFileSync(join(folder, name), `#!/bin/sh\ntouch ${repositories.folder}/owned\n`);
        chmodSync(join(folder, name), 0o755);
      }
    }
    repositories.git(workspace.directory, "config", "core.hooksPath", hooks);
    writeFileSync(join(workspace.directory, "work.txt"), "x\n");
    must(await repositories.workspaces.publish(spec, workspace, PUSH));
    assert.equal(existsSync(join(repositories.folder, "owned")), false);
  }));

test("wherever the agent left HEAD, its commits land on the task's branch", () =>
  withRepositories(async (repositories) => {
    for (const [task, leave] of [
      ["SHOP-8", ["switch", "--quiet", "-c", "somewhere-else"]],
      ["SHOP-9", ["checkout", "--quiet", "--detach"]],
    ] as const) {
      const spec = repositories.spec(task);
      const workspace = await repositories.ready(spec);
      repositories.git(workspace.directory, ...leave);
      writeFileSync(join(workspace.directory, "work.txt"), `${task}\n`);
      const { commit, branch } = mustPublish(await repositories.workspaces.publish(spec, workspace, PUSH));
      assert.equal(repositories.git(repositories.remote, "rev-parse", branch), commit);
    }
  }));

test("a merge that the agent left unfinished: its commits are published, the rest is kept and told", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-30");
    const workspace = await repositories.ready(spec);
    const { directory } = workspace;
    const commit = (text: string): void => {
      writeFileSync(join(directory, "README.md"), text);
      repositories.git(directory, "commit", "--quiet", "-am", text);
    };
    repositories.git(directory, "switch", "--quiet", "-c", "other");
    commit("one\n");
    repositories.git(directory, "switch", "--quiet", workspace.branch);
    commit("two\n");
    const two = repositories.git(directory, "rev-parse", "HEAD");
    assert.throws(() => repositories.git(directory, "merge", "other"));
    const published = must(await repositories.workspaces.publish(spec, workspace, PUSH));
    assert.deepEqual([published.branch, published.commit], [workspace.branch, two]);
    assert.deepEqual(
      published.beside.map(({ branch }) => branch),
      [`${workspace.branch}--other`],
    );
    const [kept] = published.kept;
    assert.equal(kept?.reason, "the agent left a merge unfinished");
    assert.match(published.told.join("\n"), /unfinished-merge is kept: the agent left a merge unfinished/);
    const shown = must(await repositories.workspaces.showKept(spec, kept?.ref ?? ""));
    assert.deepEqual(shown.paths, ["M README.md"]);
  }));

test("work that somebody else's push has overtaken goes on top of it, and nothing is forced", () =>
  withRepositories(async (repositories) => {
    const { git, remote } = repositories;
    const spec = repositories.spec("SHOP-31");
    const workspace = await repositories.ready(spec);
    writeFileSync(join(workspace.directory, "work.txt"), "mine\n");
    const other = git(remote, "commit-tree", "-m", "theirs", "main^{tree}", "-p", "main");
    git(remote, "update-ref", `refs/heads/${workspace.branch}`, other);
    const published = mustPublish(await repositories.workspaces.publish(spec, workspace, PUSH));
    assert.equal(git(remote, "rev-parse", workspace.branch), published.commit);
    assert.equal(git(remote, "log", "--format=%s", workspace.branch), "SHOP-31: Fix it\ntheirs\nBegin");
    assert.equal(git(remote, "show", `${workspace.branch}:work.txt`), "mine");
  }));

test("a push that the remote refuses says so", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-32");
    const workspace = await repositories.ready(spec);
    writeFileSync(join(workspace.directory, "work.txt"), "mine\n");
    const hook = join(repositories.remote, "hooks", "pre-receive");
    writeFileSync(hook, "#!/bin/sh\necho no entry >&2\nexit 1\n", { mode: 0o755 });
    assert.match(
      reasonOf(await repositories.workspaces.publish(spec, workspace, PUSH)),
      /git push .*SHOP-32 failed: .*hook declined/,
    );
  }));
