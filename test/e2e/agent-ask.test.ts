/** An agent asks a person with `chargehand agent ask`, as it finds that on its PATH, within walls and without. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NO_SANDBOX } from "../agents/sandbox/walled.ts";
import { chargehand, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

/** Asks wrongly, then rightly, and goes on with what it was answered. */
function agent(folder: string): readonly string[] {
  const script = `
    cat > prompt.txt
    if ! grep -q '## Answers' prompt.txt; then
      rm prompt.txt
      chargehand agent ask --reason 'two ways are open' --choice size='Which size?' 2> ${folder}/wrong
      echo $? > ${folder}/wrong-code
      chargehand tasks > ${folder}/other 2>&1
      chargehand agent ask --reason 'two ways are open' --choice size='Which size?' --option small --option large > ${folder}/told
      exit $?
    fi
    grep 'Which size' prompt.txt > ${folder}/answered
    rm prompt.txt
    echo done > work.txt`;
  return ["/bin/sh", "-c", script];
}

for (const isolation of ["none", "sandbox"] as const) {
  const skip = isolation === "sandbox" ? NO_SANDBOX : false;
  test(`B3, I14: an agent asks by the command of its run (isolation: ${isolation})`, { skip }, async () => {
    const stage = new DaemonProcess({ argv: ["/bin/true"] });
    const shared = join(stage.folder, "shared");
    mkdirSync(shared);
    const argv = JSON.stringify(agent(shared));
    const mounts = `[{ path: ${shared}, mode: rw }]`;
    stage.configure({
      ...{ argv: [], isolation },
      agent: `{ backend: command, argv: ${argv}, mounts: ${mounts}, max_attempts: 1 }`,
    });
    const seen = (name: string): string => readFileSync(join(shared, name), "utf8");
    try {
      await stage.start();
      await stage.label(1);
      await stage.until("SHOP-1 is blocked", async () => (await statusOf(stage, "SHOP-1")) === "blocked");
      assert.match(seen("wrong"), /nothing was asked\n {2}fields\[0\]: has no options/);
      assert.equal(seen("wrong-code"), "2\n");
      assert.match(seen("other"), /there is nothing but: chargehand agent ask/);
      assert.match(seen("told"), /^Asked\./);
      assert.match(await chargehand(stage, "answer", "SHOP-1", "size=large"), /^Answered/);
      await stage.until("SHOP-1 is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
      assert.match(seen("answered"), /Which size\? \(size\): large/);
    } finally {
      await stage.close();
    }
  });
}
