/** Budgets with a real daemon, a real agent and the real command line: reached, explained, raised, gone on. */

import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, type Explanation, explain, statusOf } from "./command-line.ts";
import { Stage } from "./stage.ts";

interface Job {
  readonly status: string;
  readonly attempts: number;
  readonly holds: readonly { readonly kind: string; readonly reason: string }[];
}
interface Run {
  readonly status: string;
  readonly failure_class: string | null;
  readonly reason: string | null;
  readonly cost_usd: number | null;
  readonly account: string | null;
}
/** A stage whose only project has these budgets. `1,000` tokens of the scripted model cost a dollar. */
async function budgeted(
  argv: (folder: string) => readonly string[],
  budget: string,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = new Stage({ argv: ["/bin/true"] });
  stage.configure({ argv: argv(stage.folder) });
  appendFileSync(
    stage.config,
    `    budget: { ${budget} }\nprices: { scripted-model: { input: 1000, output: 1000 } }\n`,
  );
  try {
    await stage.start();
    await work(stage);
  } finally {
    await stage.close();
  }
}

async function jobOf(stage: Stage, key: string): Promise<Job | undefined> {
  return (await stage.api<{ jobs: Job[] }>(`/api/v1/jobs?task=${key}`)).body.jobs[0];
}

async function runsOf(stage: Stage, key: string): Promise<readonly Run[]> {
  return (await stage.api<{ runs: Run[] }>(`/api/v1/runs?task=${key}`)).body.runs;
}

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

/** Says nothing of tokens before its end, as Codex does; its record in `CODEX_HOME` does. */
const SECRETIVE = `#!/bin/sh
thread=01a1fc80-dc91-72e3-b2c5-60b88b31d979
day=$CODEX_HOME/sessions/2026/11/21
mkdir -p "$day"
usage='{"input_tokens":1500,"cached_input_tokens":0,"output_tokens":20,"reasoning_output_tokens":0,"total_tokens":1520}'
call='"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":'$usage',"last_token_usage":'$usage'}}'
printf '{"timestamp":"%s",%s}\\n' "$(date -u +%Y-%m-%dT%H:%M:%S.999Z)" "$call" >"$day/rollout-1-$thread.jsonl"
printf '{"type":"thread.started","thread_id":"%s"}\\n{"type":"turn.started"}\\n' "$thread"
exec sleep 600
`;

test("F5, I8: a program that tells its tokens only at its end is stopped at its budget all the same, by its own record", async () => {
  const stage = new Stage({ argv: [] });
  const program = join(stage.folder, "codex");
  writeFileSync(program, SECRETIVE, { mode: 0o755 });
  stage.configure({ argv: [], agent: `{ backend: codex, program: ${program}, accounts: [team] }` });
  const account = `{ backend: codex, env: { CODEX_HOME: ${stage.folder}/codex-home } }`;
  appendFileSync(stage.config, `    budget: { task_tokens: 1000 }\naccounts: { team: ${account} }\n`);
  try {
    await stage.start();
    await stage.label(3);
    await stage.until("the job is held", async () => (await jobOf(stage, "SHOP-3"))?.status === "held");
    const [run] = await runsOf(stage, "SHOP-3");
    assert.deepEqual([run?.status, run?.failure_class], ["killed", "budget_limit"]);
    const [reason] = (await explain(stage, "SHOP-3")).reasons;
    assert.equal(reason?.sentence, "the task's budget of 1,000 tokens is used up (1,520 tokens used)");
  } finally {
    await stage.close();
  }
});
