/** Budgets that change while a job is held by them, or while its run is being stopped. */

import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { test } from "node:test";
import { jobOf, runsOf } from "./budgeted.ts";
import { chargehand, explain } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

/** Tells of 1,500 tokens, and sits there. */
const THIRSTY = `printf '%s\\n' '${JSON.stringify({
  type: "assistant",
  message: { id: "m1", model: "acme-1", usage: { input_tokens: 1_500, output_tokens: 0 } },
})}'; exec sleep 600`;
/** Does the same, and hears nothing when it is asked to stop. */
const DEAF = `trap '' INT TERM; ${THIRSTY.replace("exec sleep 600", "while :; do sleep 0.2; done")}`;
const PRICES = "prices: { acme-1: { input: 1000, output: 1000 } }";

function configure(stage: DaemonProcess, script: string, budget: string, more: string): void {
  stage.configure({ argv: ["/bin/sh", "-c", script] });
  appendFileSync(stage.config, `    budget: { ${budget} }\n${more}\n`);
}

async function reload(stage: DaemonProcess): Promise<void> {
  const told = (): number => stage.log.split("config.reloaded").length;
  const before = told();
  process.kill(stage.pid, "SIGHUP");
  await stage.until("the file is read again", () => told() > before);
}

/** Waits until run number `count` of the task has been stopped and its job is held; answers the hold's reason. */
async function heldAfter(stage: DaemonProcess, count: number): Promise<string> {
  await stage.until(`run ${count} has reached its budget`, async () => {
    const runs = await runsOf(stage, "SHOP-1");
    return runs.length === count && (await jobOf(stage, "SHOP-1"))?.status === "held";
  });
  return (await jobOf(stage, "SHOP-1"))?.holds.find(({ kind }) => kind === "budget")?.reason ?? "";
}

async function staged(work: (stage: DaemonProcess) => Promise<void>): Promise<void> {
  const stage = new DaemonProcess({ argv: [] });
  try {
    await work(stage);
  } finally {
    await stage.close();
  }
}

test("F5: a price that was named, or a limit that was changed, lets the held job go; a restart alone does not", () =>
  staged(async (stage) => {
    configure(stage, THIRSTY, "task_usd: 1", "");
    await stage.start();
    await stage.label(1);
    assert.match(await heldAfter(stage, 1), /^model acme-1 has no price/);
    await stage.end("SIGTERM");
    await stage.start();
    assert.match(await heldAfter(stage, 1), /^model acme-1 has no price/);

    configure(stage, THIRSTY, "task_usd: 1", PRICES);
    await reload(stage);
    assert.match(await heldAfter(stage, 2), /^the task's budget of \$1\.00 is used up \(\$1\.50 used\)/);
    configure(stage, THIRSTY, "task_usd: 2", PRICES);
    await stage.end("SIGTERM");
    await stage.start();
    assert.match(await heldAfter(stage, 3), /^the task's budget of \$2\.00 is used up \(\$3\.00 used\)/);
    configure(stage, THIRSTY, "task_usd: 3", PRICES);
    await reload(stage);
    await stage.until("the new limit is told", async () =>
      /\$3\.00 is used up/.test((await explain(stage, "SHOP-1")).reasons[0]?.sentence ?? ""),
    );
    assert.equal((await runsOf(stage, "SHOP-1")).length, 3);
  }));

test("F5: a budget that is raised while its run is being stopped holds nothing", () =>
  staged(async (stage) => {
    configure(stage, DEAF, "task_usd: 1", PRICES);
    await stage.start();
    await stage.label(1);
    await stage.until("the run is being stopped", () => stage.log.includes("run.over_budget"));
    await chargehand(stage, "budget", "raise", "SHOP-1", "--usd", "100");
    await stage.until("the next run has begun", async () => (await runsOf(stage, "SHOP-1")).length === 2);
    assert.equal((await runsOf(stage, "SHOP-1"))[1]?.failure_class, "budget_limit");
  }));

test("F5: what a run may take is raised for one task, and then its runs may take it", () =>
  staged(async (stage) => {
    configure(stage, THIRSTY, "run_usd: 1, task_usd: 20", PRICES);
    await stage.start();
    await stage.label(1);
    assert.match(await heldAfter(stage, 1), /^a run's budget of \$1\.00 was reached/);
    const [why] = (await explain(stage, "SHOP-1")).reasons;
    assert.match(why?.remedy ?? "", /chargehand budget raise SHOP-1 --run --usd AMOUNT$/);
    const raised = await chargehand(stage, "budget", "raise", "SHOP-1", "--run", "--usd", "4");
    assert.match(raised, /run +\$5\.00 +\$4\.00/);
    assert.match(raised, /task +\$20\.00 +– +\$1\.50 +\$?/);
    await stage.until("the next run tells of its tokens", async () =>
      (await runsOf(stage, "SHOP-1")).some(
        ({ status, cost_usd }) => status === "running" && cost_usd === 1.5,
      ),
    );
  }));
