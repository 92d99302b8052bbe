/** Budgets of programs that print no tokens before their end. */

import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { jobOf, runsOf } from "./budgeted.ts";
import { explain } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

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
  const stage = new DaemonProcess({ argv: [] });
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
