/** Agents that tell figures without measure: nobody else suffers from it, and the daemon starts again. */

import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { TOKENS_MAX } from "../../workflow/limits.ts";
import { statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const HUGE = Number.MAX_SAFE_INTEGER;
const FIGURES = { input_tokens: HUGE, output_tokens: HUGE, cache_read_input_tokens: HUGE };
/** Three messages, of a model that has a price. */
const LINES = ["m1", "m2", "m3"].map((id) =>
  JSON.stringify({
    type: "assistant",
    message: { id, model: "scripted-model", usage: FIGURES, content: [] },
  }),
);
/** More than is believed, and as much as is, many times over. */
const TOO_MUCH = [{ model: "a", input_tokens: HUGE }];
const MUCH = Array.from({ length: 1_000 }, () => ({ model: "scripted-model", input_tokens: TOKENS_MAX }));

/** Issue 5 prints it, issue 6 writes more than is believed, issue 7 as much as is; the others only work. */
const SCRIPT = `cat >/dev/null
case "$CHARGEHAND_TASK" in
  SHOP-5) cat "$(dirname "$0")/lines"; sleep 1 ;;
  SHOP-6) cat "$(dirname "$0")/result-6" >"$CHARGEHAND_RESULT" ;;
  SHOP-7) cat "$(dirname "$0")/result-7" >"$CHARGEHAND_RESULT" ;;
esac
echo "$CHARGEHAND_TASK" >>work.txt`;

function stageOfLiars(): DaemonProcess {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const agent = join(stage.folder, "agent.sh");
  writeFileSync(agent, `#!/bin/sh\n${SCRIPT}\n`, { mode: 0o755 });
  writeFileSync(join(stage.folder, "lines"), `${LINES.join("\n")}\n`);
  writeFileSync(join(stage.folder, "result-6"), JSON.stringify({ status: "ok", usage: TOO_MUCH }));
  writeFileSync(join(stage.folder, "result-7"), JSON.stringify({ status: "ok", usage: MUCH }));
  stage.configure({ argv: [agent] });
  appendFileSync(
    stage.config,
    "    budget: { day_usd: 1000000 }\nprices: { scripted-model: { input: 1000000, output: 1000000 } }\n",
  );
  return stage;
}

async function untilOver(stage: DaemonProcess, key: string): Promise<string> {
  const over = ["done", "failed"];
  await stage.until(`${key} is over`, async () => over.includes(await statusOf(stage, key)));
  return statusOf(stage, key);
}

test("I7, I8: an agent's figures without measure cost no other run anything, and the daemon starts again", async () => {
  const stage = stageOfLiars();
  try {
    await stage.start();
    for (const number of [5, 6, 7]) await stage.label(number);
    const ends = [];
    for (const key of ["SHOP-5", "SHOP-6", "SHOP-7"]) ends.push(await untilOver(stage, key));
    assert.deepEqual(ends, ["done", "failed", "done"]);
    const pages = ["status", "runs", "tasks", "budgets?project=shop"];
    const read = async () =>
      Promise.all(pages.map(async (page) => (await stage.api(`/api/v1/${page}`)).status));
    assert.deepEqual(await read(), [200, 200, 200, 200]);
    await stage.end("SIGKILL");
    await stage.start();
    await stage.label(8);
    assert.equal(await untilOver(stage, "SHOP-8"), "done");
    assert.deepEqual(await read(), [200, 200, 200, 200]);
    assert.doesNotMatch(stage.log, /faulted|unwritten|unreadable|unrecovered/);
  } finally {
    await stage.close();
  }
});
