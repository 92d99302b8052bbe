/** What becomes of an agent's work, with a real daemon and real git: what done says, and what is kept (I15). */

import assert from "node:assert/strict";
import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, chargehandEnds } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

interface Told {
  readonly status: string;
  readonly reason: string | null;
  readonly commit: string | null;
  readonly files: number | null;
  readonly runs: readonly { readonly failure_class: string | null; readonly commit: string | null }[];
}

async function told(stage: DaemonProcess, key: string): Promise<Told> {
  return (await stage.api<Told>(`/api/v1/tasks/${key}`)).body;
}

/** Labels the issue, and waits until its task is over. */
async function work(stage: DaemonProcess, issue: number): Promise<Told> {
  await stage.label(issue);
  const key = `SHOP-${issue}`;
  await stage.until(`${key} is over`, async () =>
    ["done", "failed"].includes((await told(stage, key)).status),
  );
  return told(stage, key);
}

test("I15: done says commit, branch and files; nothing changed is an ending of its own, or a failure", async () => {
  const argv = ["/bin/sh", "-c", 'case "$(cat)" in *SHOP-7*) echo a > a; echo b > b;; esac'];
  const stage = new DaemonProcess({ argv });
  try {
    await stage.start();
    const nothing = await work(stage, 5);
    assert.deepEqual(
      [nothing.status, nothing.reason, nothing.commit],
      ["done", "nothing was changed, so nothing was pushed", null],
    );
    assert.deepEqual(await chargehandEnds(stage, "kept"), { code: 0, out: "Nothing is kept.\n" });
    stage.configure({ argv, publish: "{ to: branch, require_change: true }" });
    process.kill(stage.pid, "SIGHUP");
    await stage.until("the new configuration is in force", () => stage.log.includes("config.reloaded"));
    const failed = await work(stage, 6);
    assert.equal(failed.status, "failed");
    assert.match(String(failed.reason), /has changed nothing; .*2 of 2 attempts used/);
    const done = await work(stage, 7);
    assert.deepEqual([done.status, done.reason, done.files], ["done", null, 2]);
    assert.equal(done.runs[0]?.commit, done.commit);
    const explained = await chargehand(stage, "explain", "SHOP-7");
    assert.match(
      explained.replace(/\s+/g, " "),
      /branch chargehand\/SHOP-7-\S+ \(commit [0-9a-f]{12}, 2 files\)/,
    );
    assert.deepEqual(
      failed.runs.map((run) => run.failure_class),
      ["no_change", "no_change"],
    );
  } finally {
    await stage.close();
  }
});

interface SeenKept {
  readonly task: string;
  readonly status: string;
  readonly branch: string;
  readonly reason: string;
}

async function keptOf(stage: DaemonProcess, key: string, status: string): Promise<readonly SeenKept[]> {
  return (await stage.api<{ kept: SeenKept[] }>(`/api/v1/kept?task=${key}&status=${status}`)).body.kept;
}

/** Leaves behind what is not published: a workflow of the CI, a stash, half of a work that failed. */
function unpublishable(folder: string): readonly string[] {
  const script = `case $CHARGEHAND_TASK in
    SHOP-1) mkdir -p .github/workflows; echo "on: push" > .github/workflows/made;;
    SHOP-2) echo made > made; git add made; git stash --quiet;;
    SHOP-3) echo made > made; exit 1;;
    SHOP-4) [ -e ${folder}/again ] && echo more >> made && exit 0; echo made > made; exit 1;;
  esac`;
  return ["/bin/sh", "-c", script];
}

test("I15: what cannot be published is kept, and published by a person's word, or by the retry that comes to publish it", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const argv = JSON.stringify(unpublishable(stage.folder));
  stage.configure({ argv: [], agent: `{ backend: command, argv: ${argv}, max_attempts: 1 }` });
  try {
    await stage.start();
    const ways = [
      [1, "done", /CI/, ".github/workflows/made"],
      [2, "done", /stashed/, "made"],
      [3, "failed", /ended as failed/, "made"],
    ] as const;
    for (const [issue, status, reason, file] of ways) {
      const key = `SHOP-${issue}`;
      assert.equal((await work(stage, issue)).status, status);
      await stage.until(
        `the work of ${key} is kept`,
        async () => (await keptOf(stage, key, "kept")).length === 1,
      );
      assert.match((await keptOf(stage, key, "kept"))[0]?.reason ?? "", reason);
      assert.doesNotMatch(stage.git(stage.remote, "branch", "--list"), new RegExp(key));
      await chargehand(stage, "kept", "publish", key);
      const [row] = await keptOf(stage, key, "published");
      assert.match(stage.git(stage.remote, "show", `${row?.branch}:${file}`), /^(made|on: push)\n$/);
    }
    assert.equal((await work(stage, 4)).status, "failed");
    await stage.until("its work is kept", async () => (await keptOf(stage, "SHOP-4", "kept")).length === 1);
    writeFileSync(join(stage.folder, "again"), "");
    await chargehand(stage, "retry", "SHOP-4");
    await stage.until("the retry is done", async () => (await told(stage, "SHOP-4")).status === "done");
    const [settled] = await keptOf(stage, "SHOP-4", "included");
    assert.equal(stage.git(stage.remote, "show", `${settled?.branch}:made`), "made\nmore\n");
    assert.equal((await chargehandEnds(stage, "kept")).out, "Nothing is kept.\n");
    const [mirror = ""] = globSync(join(stage.dataDir, "mirrors", "*.git"));
    await stage.until(
      "no ref of it is left",
      () => stage.git(mirror, "for-each-ref", "refs/chargehand/kept/").trim() === "",
    );
  } finally {
    await stage.close();
  }
});
