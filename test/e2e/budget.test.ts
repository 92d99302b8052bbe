/** Budgets with a real daemon, a real agent and the real command line: reached, explained, raised, gone on. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { budgeted, jobOf, runsOf } from "./budgeted.ts";
import { chargehand, type Explanation, explain, statusOf } from "./command-line.ts";

const SPENT = JSON.stringify({
  type: "assistant",
  message: { id: "m1", model: "scripted-model", usage: { input_tokens: 1_500, output_tokens: 0 } },
});
const RESULT = JSON.stringify({
  status: "ok",
  summary: "sorted",
  usage: [{ model: "scripted-model", input_tokens: 250, cost_usd: 9 }],
});

/** First it tells of 1,500 tokens and sits there; started again, it works for a quarter, and claims nine dollars. */
function thirsty(folder: string): readonly string[] {
  const again = join(folder, "again");
  const script = `if [ -e ${again} ]; then echo sorted >> work.txt; printf '%s' '${RESULT}' > "$CHARGEHAND_RESULT"; exit 0; fi
touch ${again}; printf '%s\\n' '${SPENT}'; exec sleep 600`;
  return ["/bin/sh", "-c", script];
}

test("F5, F7, I8, I9: a run that reaches its task's budget is stopped while it works, explained, and goes on once it is raised", () =>
  budgeted(thirsty, "task_usd: 1", async (stage) => {
    await stage.label(12);
    await stage.until("the job is held", async () => (await jobOf(stage, "SHOP-12"))?.status === "held");
    const held = await jobOf(stage, "SHOP-12");
    assert.deepEqual([held?.holds.map(({ kind }) => kind), held?.attempts], [["budget"], 0]);
    const [stopped] = await runsOf(stage, "SHOP-12");
    assert.deepEqual(
      [stopped?.status, stopped?.failure_class, stopped?.cost_usd, stopped?.account],
      ["killed", "budget_limit", 1.5, "command:scripted"],
    );
    const [before] = (await explain(stage, "SHOP-12")).reasons;
    assert.deepEqual(
      [before?.about, before?.sentence, before?.remedy],
      [
        "job",
        "the task's budget of $1.00 is used up ($1.50 used)",
        "raise it with: chargehand budget raise SHOP-12 --usd AMOUNT",
      ],
    );
    assert.match(
      await chargehand(stage, "budget", "--task", "SHOP-12"),
      /task +\$1\.00 +– +\$1\.50 +– +used up/,
    );

    await chargehand(stage, "budget", "raise", "SHOP-12", "--usd", "0.10");
    assert.equal((await jobOf(stage, "SHOP-12"))?.status, "held", "still too little");
    const raised = await chargehand(stage, "budget", "raise", "SHOP-12", "--usd", "4");
    assert.match(raised, /task +\$5\.10 +\$4\.10 +\$1\.50 +– +open/);

    await stage.until("the task is done", async () => (await statusOf(stage, "SHOP-12")) === "done");
    const { reasons, decisions } = await explain(stage, "SHOP-12");
    assert.match(
      reasons[0]?.sentence ?? "",
      /^SHOP-12 is done; its work is on the branch chargehand\/SHOP-12-/,
    );
    const told = decisions.map(({ sentence }) => sentence).join("\n");
    assert.match(told, /budget raised by \$4\.00 by operator[^\n]*\nrun \w+ succeeded\ndone;/);
    assert.deepEqual(
      (await runsOf(stage, "SHOP-12")).map(({ status, cost_usd }) => [status, cost_usd]),
      [
        ["succeeded", 0.25],
        ["killed", 1.5],
      ],
    );
    assert.match(await chargehand(stage, "budget", "--task", "SHOP-12"), /\$1\.75/);
  }));

/** Finished in its own words, it crosses its budget with its last line, and is still tidying up when we look. */
function frugal(): readonly string[] {
  const script = `trap 'exit 0' TERM; echo sorted >> work.txt
printf '%s' '{"status":"ok","summary":"sorted"}' > "$CHARGEHAND_RESULT"; printf '%s\\n' '${SPENT}'
sleep 600 & wait; exit 0`;
  return ["/bin/sh", "-c", script];
}

test("F5: work that is finished when it crosses its budget counts, and is pushed", () =>
  budgeted(frugal, "task_usd: 1", async (stage) => {
    await stage.label(14);
    await stage.until("the run is over", async () =>
      ["succeeded", "killed", "failed"].includes((await runsOf(stage, "SHOP-14"))[0]?.status ?? ""),
    );
    const [run] = await runsOf(stage, "SHOP-14");
    assert.deepEqual([run?.status, run?.failure_class, run?.cost_usd], ["succeeded", null, 1.5]);
    await stage.until("the task is done", async () => (await statusOf(stage, "SHOP-14")) === "done");
  }));

test("F5, I9: an agent that crosses its budget with its last line and fails is held for the budget, at no attempt", () =>
  budgeted(
    () => ["/bin/sh", "-c", `printf '%s\\n' '${SPENT}'; exit 1`],
    "task_usd: 1",
    async (stage) => {
      await stage.label(15);
      await stage.until("the job is held", async () => (await jobOf(stage, "SHOP-15"))?.status === "held");
      const [run] = await runsOf(stage, "SHOP-15");
      assert.deepEqual([run?.status, run?.failure_class], ["killed", "budget_limit"]);
      assert.equal((await jobOf(stage, "SHOP-15"))?.attempts, 0);
    },
  ));

test("F5, F7: a project whose budget is used up is closed with its reason, survives a restart so, and opens when it is raised", () =>
  budgeted(
    () => ["/bin/sh", "-c", "echo sorted >> work.txt"],
    "project_runs: 1",
    async (stage) => {
      await stage.label(1);
      await stage.until("the first task is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
      await stage.label(2);
      const closed = async (): Promise<boolean> =>
        (await stage.api<Explanation>("/api/v1/tasks/SHOP-2/explain")).body.reasons.some(
          ({ about }) => about === "project",
        );
      await stage.until("the project is closed", closed);
      await stage.end("SIGTERM");
      await stage.start();
      await stage.until("the project is closed again", closed);
      const [reason, ...others] = (await explain(stage, "SHOP-2")).reasons;
      assert.deepEqual(
        [reason?.sentence, reason?.remedy],
        [
          "the project's budget of 1 run is used up (1 run used)",
          "raise it with: chargehand budget raise --project shop --runs AMOUNT",
        ],
      );
      assert.deepEqual(
        others.map(({ about }) => about),
        ["queue"],
      );
      assert.match(
        await chargehand(stage, "status"),
        /project shop +budget .* the project's budget of 1 run /,
      );
      await chargehand(stage, "budget", "raise", "--project", "shop", "--runs", "1");
      await stage.until("the second task is done", async () => (await statusOf(stage, "SHOP-2")) === "done");
      assert.doesNotMatch(await chargehand(stage, "status"), /project shop|NOT CLAIMED/);
    },
  ));
