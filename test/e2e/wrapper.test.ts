/** Programs that start themselves again, and whose first process does not wait for the second. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DaemonProcess } from "./daemon-process.ts";
import { marked, runsOf, untilDone } from "./scene.ts";

const INIT = JSON.stringify({ type: "system", subtype: "init", session_id: "s1", model: "m" });
const RESULT = JSON.stringify({
  ...{ type: "result", subtype: "success", is_error: false, result: "done", session_id: "s1" },
  usage: { input_tokens: 5, output_tokens: 5 },
});

test("A wrapper that exits before its child has said the last word does not lose the work, and leaves nobody behind", async () => {
  const stage = new DaemonProcess({ argv: [] });
  const program = join(stage.folder, "qwen");
  const child = `( sleep 0.5; echo worked >> work.txt; echo '${RESULT}'; exec sleep 600 ) &`;
  writeFileSync(program, `#!/bin/sh\necho '${INIT}'\n${child}\nexit 0\n`, { mode: 0o755 });
  stage.configure({ argv: [], agent: `{ backend: qwen, program: ${program}, max_attempts: 1 }` });
  try {
    await stage.start();
    await stage.label(1);
    await stage.until("the run is over", async () =>
      ["succeeded", "failed", "lost", "killed"].includes((await runsOf(stage))[0]?.status ?? ""),
    );
    const [run] = await runsOf(stage);
    assert.deepEqual([run?.status, run?.reason, run?.input_tokens], ["succeeded", null, 5]);
    assert.deepEqual(marked(run?.id ?? ""), []);
    await untilDone(stage, "SHOP-1");
  } finally {
    await stage.close();
  }
});
