/** Runs whose work the remote does not take hold no slot: another project's task starts at once (I16). */

import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const SLOTS = 3;
const SOON_MS = 1_000;
/** A machine that is busy with other things may miss one; a daemon without a slot misses all. */
const TRIES = 3;

/** Refuses every push, and keeps that of one task waiting until the file `open` is there. */
function hookText(folder: string): string {
  return `#!/bin/sh
read -r old new ref
echo "$ref" >> ${folder}/asked
case $ref in *SHOP-${SLOTS}*)
  while [ -d ${folder} ] && [ ! -e ${folder}/open ]; do sleep 0.05; done;;
esac
[ -e ${folder}/open ]
`;
}

function asked(stage: DaemonProcess): number {
  const file = join(stage.folder, "asked");
  return existsSync(file) ? new Set(readFileSync(file, "utf8").trim().split("\n")).size : 0;
}

/** From the moment when it was asked for, in ms. */
async function startOf(stage: DaemonProcess, title: string): Promise<number> {
  const from = Date.now();
  const task = { project: "barn", title };
  const { key } = (await stage.api<{ key: string }>("/api/v1/tasks", "POST", task)).body;
  await stage.until(`${key} is done`, async () => (await statusOf(stage, key)) === "done");
  return Number(readFileSync(join(stage.folder, "began", key), "utf8")) - from;
}

test("I16: three runs that cannot be published, and the next task of another project starts within a second", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  try {
    const began = join(stage.folder, "began");
    mkdirSync(began);
    const script = `date +%s%3N > ${began}/$CHARGEHAND_TASK; echo work > work.txt`;
    stage.configure({ argv: ["/bin/sh", "-c", script], concurrency: SLOTS });
    const barn = join(stage.folder, "barn.git");
    stage.git(stage.folder, "clone", "--quiet", "--bare", stage.remote, barn);
    appendFileSync(
      stage.config,
      `  - { name: barn, prefix: BARN, clone_url: ${barn}, base_branch: main, agent: scripted, publish: branch }\n`,
    );
    const hook = join(stage.remote, "hooks", "pre-receive");
    mkdirSync(join(stage.remote, "hooks"), { recursive: true });
    writeFileSync(hook, hookText(stage.folder));
    chmodSync(hook, 0o755);
    await stage.start();
    // What a start costs on this machine, however busy it is, when nothing is in the way.
    const plainly = await startOf(stage, "Feed first");
    for (let issue = 1; issue <= SLOTS; issue += 1) await stage.label(issue);
    await stage.until("all of them have tried to push", () => asked(stage) === SLOTS);
    const limit = Math.max(SOON_MS, 2 * plainly);
    const waits: number[] = [];
    while (waits.length < TRIES && !waits.some((ms) => ms <= limit))
      waits.push(await startOf(stage, `Feed ${waits.length}`));
    assert.ok(
      waits.some((ms) => ms <= limit),
      `it started after ${waits.join(", ")} ms, and before in ${plainly} ms`,
    );
    for (let issue = 1; issue <= SLOTS; issue += 1)
      assert.equal(await statusOf(stage, `SHOP-${issue}`), "active");
    writeFileSync(join(stage.folder, "open"), "");
    rmSync(hook);
    for (let issue = 1; issue <= SLOTS; issue += 1)
      await stage.until(
        `SHOP-${issue} is published`,
        async () => (await statusOf(stage, `SHOP-${issue}`)) === "done",
      );
  } finally {
    await stage.close();
  }
});
