/** An agent program that is missing is a hold that ends by itself when it is there, and no task fails by it. */

import assert from "node:assert/strict";
import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { explain, statusOf } from "./command-line.ts";
import { jobOf, linesOf, runsOf, untilDone, untilLogged, withScene } from "./scene.ts";

test("D1, I9: a program that is taken away holds its tasks with a remedy, over a restart, and they go on when it is back", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    const program = join(stage.folder, "agent");
    writeFileSync(
      program,
      `#!/bin/sh\nif [ -e ${stage.folder}/forge ]; then exit 127; fi\necho worked >> work.txt\n`,
    );
    chmodSync(program, 0o755);
    stage.configure({ argv: [program], concurrency: 1 });
    await stage.start();
    await stage.label(1);
    await untilDone(stage, "SHOP-1");

    renameSync(program, `${program}.away`);
    await stage.label(2);
    await untilLogged(stage, "run.finished", 2);
    const isTold = async (): Promise<boolean> => {
      const { reasons } = await explain(stage, "SHOP-2");
      return reasons.some(({ sentence }) => sentence.includes("is missing: it is not there"));
    };
    await stage.until("it is told", isTold);
    const [why] = (await explain(stage, "SHOP-2")).reasons;
    assert.equal(why?.about, "agent");
    assert.match(why.sentence, new RegExp(`the program ${program} of agent profile \\w+ is missing`));
    assert.match(why.remedy ?? "", /^install it, or name another by agents\.\w+\.argv; /);
    assert.equal(await statusOf(stage, "SHOP-2"), "active");
    assert.deepEqual(
      [(await jobOf(stage, "SHOP-2"))?.status, linesOf(stage, "run.started").length],
      ["queued", 1],
    );

    await untilLogged(stage, "claim.refused");
    await stage.end("SIGKILL");
    await stage.start();
    await untilLogged(stage, "claim.refused", 2);
    assert.equal(await isTold(), true);
    assert.equal(linesOf(stage, "run.finished").length, 2, "nothing is tried meanwhile");

    renameSync(`${program}.away`, program);
    await untilDone(stage, "SHOP-2");
    assert.equal(linesOf(stage, "program.found").length, 1);
    const runs = (await runsOf(stage)).filter(({ task }) => task === "SHOP-2");
    assert.deepEqual(
      runs.map((run) => run.failure_class),
      ["program_absent", null],
    );
    const { attempts, interruptions } = (await jobOf(stage, "SHOP-2")) ?? assert.fail();
    assert.deepEqual([attempts, interruptions], [0, 0]);

    // An agent that ends as if it were missing fails by itself, and closes nothing.
    const forge = join(stage.folder, "forge");
    writeFileSync(forge, "");
    await stage.label(3);
    await stage.until("SHOP-3 fails", async () => (await statusOf(stage, "SHOP-3")) === "failed");
    rmSync(forge);
    await stage.label(4);
    await untilDone(stage, "SHOP-4");
    assert.equal(linesOf(stage, "program.found").length, 1);
  }));
