/** What becomes of an agent's work, with a real daemon and real git: what done says, and what is kept (I15). */

import assert from "node:assert/strict";
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
