/** A usage limit with a real daemon: a recorded answer of Claude Code parks its account, and a person opens it. */

import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LONE_LIMIT_MS } from "../../workflow/limits.ts";
import { chargehand, chargehandEnds, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const FIXTURES = new URL("../fixtures/claude/", import.meta.url).pathname;
/** When the recorded limit is lifted; the script puts a moment two hours ahead in its place. */
const RECORDED_RESET = 1_795_245_063;
const TWO_HOURS_S = 7_200;

interface Account {
  readonly name: string;
  readonly status: string;
  readonly until: string | null;
}

/** Says what Claude Code said at its limit; started again, what it said when it had worked. */
function limitedClaude(folder: string): string {
  const program = join(folder, "claude");
  const script = `#!/bin/sh
cat > /dev/null
if [ -e ${folder}/again ]; then cat ${FIXTURES}effort-high.stdout; echo sorted >> work.txt; exit 0; fi
touch ${folder}/again
sed "s/${RECORDED_RESET}/$(( $(date +%s) + ${TWO_HOURS_S} ))/g" ${FIXTURES}usage-limit-oauth.stdout
exit 1
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

async function accounts(stage: DaemonProcess): Promise<readonly Account[]> {
  return (await stage.api<{ accounts: Account[] }>("/api/v1/status")).body.accounts;
}

test("F4, F7, I9: a usage limit parks the account over a restart, costs no attempt, is explained, and ends by a person's word", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const agent = `{ backend: claude, program: ${limitedClaude(stage.folder)}, accounts: [claude-max] }`;
  stage.configure({ argv: ["/bin/true"], agent });
  appendFileSync(
    stage.config,
    `accounts: { claude-max: { backend: claude, env: { HOME: ${stage.folder} } } }\n`,
  );
  try {
    await stage.start();
    await stage.label(5);
    const isCooling = async (): Promise<boolean> => (await accounts(stage))[0]?.status === "cooling";
    await stage.until("the account cools down", isCooling);
    const [before] = await accounts(stage);
    const wait = Date.parse(before?.until ?? "") - Date.now();
    assert.ok(wait > 0 && wait <= LONE_LIMIT_MS, `${wait} ms until it is tried again, on one task's word`);
    await stage.end("SIGKILL");
    await stage.start();
    assert.deepEqual(await accounts(stage), [before], "as it was before the restart");

    const { reasons } = await explain(stage, "SHOP-5");
    assert.deepEqual(
      reasons.map(({ about, until }) => [about, until]),
      [
        ["account", before?.until],
        ["queue", null],
      ],
    );
    assert.match(reasons[0]?.sentence ?? "", /^account claude-max is cooling down until 20\d\d-.* UTC: /);
    assert.match(reasons[0]?.remedy ?? "", /chargehand cooldown clear claude-max$/);
    assert.match(await chargehand(stage, "cooldown"), /^claude-max +cooling +0 +in (29m|30m|half)/m);

    assert.match(await chargehand(stage, "cooldown", "clear", "claude-max"), /^account claude-max is open/);
    await stage.until("the task is done", async () => (await statusOf(stage, "SHOP-5")) === "done");
    const { body } = await stage.api<{
      jobs: { attempts: number }[];
      runs: { account: string; failure_class: string | null }[];
    }>("/api/v1/tasks/SHOP-5");
    assert.deepEqual(
      body.runs.map((run) => [run.account, run.failure_class]),
      [
        ["claude-max", null],
        ["claude-max", "usage_limit"],
      ],
    );
    assert.deepEqual(
      body.jobs.map(({ attempts }) => attempts),
      [0],
    );
    assert.equal(
      (await chargehandEnds(stage, "cooldown", "clear", "claude-max")).code,
      5,
      "nothing to clear",
    );
    assert.equal((await chargehandEnds(stage, "cooldown", "clear", "nobody")).code, 4, "no such account");
  } finally {
    await stage.close();
  }
});
