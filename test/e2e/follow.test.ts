/** A conversation with a real daemon: words during the last run, words after done, and words in a comment. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

/** Waits in its first run until it is let go, and adds a line to its work in each. */
function agent(folder: string): readonly string[] {
  const script = `
    count=$(ls ${folder} | grep -c '^prompt-')
    cat > ${folder}/prompt-$count
    echo "$CHARGEHAND_TASK" >> ${folder}/journal
    while [ "$count" = 0 ] && [ ! -e ${folder}/go ]; do sleep 0.05; done
    echo "line $count" >> work.txt`;
  return ["/bin/sh", "-c", script];
}

interface Whole {
  readonly status: string;
  readonly branch: string;
  readonly follows: string | null;
  readonly followed_by: string | null;
  readonly author: string | null;
  readonly runs: readonly { readonly status: string }[];
}

test("G4: words in the last run are told to one more, and words after done to a task that follows on the same branch", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const whole = async (key: string): Promise<Whole> => (await stage.api<Whole>(`/api/v1/tasks/${key}`)).body;
  const prompt = (number: number): string => readFileSync(join(stage.folder, `prompt-${number}`), "utf8");
  try {
    stage.configure({ argv: agent(stage.folder), concurrency: 1 });
    await stage.start();
    await stage.label(1);
    await stage.until("the agent works", () => existsSync(join(stage.folder, "prompt-0")));
    assert.match(await chargehand(stage, "say", "SHOP-1", "use tabs"), /^Written down; the next run is told/);
    writeFileSync(join(stage.folder, "go"), "");
    await stage.until("SHOP-1 is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
    const first = await whole("SHOP-1");
    assert.deepEqual([first.runs.length, first.followed_by], [2, null]);
    assert.doesNotMatch(prompt(0), /use tabs/);
    assert.match(prompt(1), /## Feedback of .*\n\nuse tabs/);

    const told = await chargehand(stage, "say", "shop-1", "and spaces");
    assert.equal(told, "Written down; SHOP-1 is done, and SHOP-2 follows it: chargehand task SHOP-2\n");
    await stage.until("SHOP-2 is done", async () => (await statusOf(stage, "SHOP-2")) === "done");
    const [before, next] = [await whole("SHOP-1"), await whole("SHOP-2")];
    assert.deepEqual([next.branch, next.follows, before.followed_by], [before.branch, "SHOP-1", "SHOP-2"]);
    assert.match(prompt(2), /It goes on from SHOP-1, which is done[\s\S]*## Feedback of .*\n\nand spaces/);
    assert.doesNotMatch(prompt(2), /use tabs/, "what was heard is not told again");
    assert.equal(stage.git(stage.remote, "show", `${next.branch}:work.txt`), "line 0\nline 1\nline 2\n");
    assert.match(await chargehand(stage, "task", "SHOP-2"), /follows +SHOP-1/);

    stage.git(stage.remote, "update-ref", "-d", `refs/heads/${next.branch}`);
    await chargehand(stage, "say", "SHOP-1", "once more");
    await stage.until("SHOP-3 is done", async () => (await statusOf(stage, "SHOP-3")) === "done");
    assert.equal((await whole("SHOP-3")).follows, "SHOP-2", "what is said to any of them is for the newest");
    assert.match(
      prompt(3),
      /Note: .* was merged or deleted meanwhile, so that SHOP-3 starts from today's main/,
    );
    assert.equal(stage.git(stage.remote, "show", `${next.branch}:work.txt`), "line 3\n");
  } finally {
    writeFileSync(join(stage.folder, "go"), "");
    await stage.close();
  }
});
