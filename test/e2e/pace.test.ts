/** A pace with a real daemon: what an agent's program reports keeps the next task waiting, until time alone ends it. */

import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LONE_LIMIT_MS } from "../../workflow/limits.ts";
import { chargehand, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";
import { jobOf } from "./scene.ts";

const RECORDED = new URL("../fixtures/claude/effort-high.stdout", import.meta.url).pathname;
const TWO_HOURS_S = 7_200;
/** How far the reset is ahead that the agent reports at last. */
const SOON_S = 2;

/**
 * The agent of the first task says what is used of five hours that go on for two, and when the file `soon` is there
 * that they end soon; it works until `go` is there. Those of other tasks do their work.
 */
function reportingClaude(folder: string): string {
  const program = join(folder, "claude");
  const script = `#!/bin/sh
cat > /dev/null
report() {
  printf '{"type":"rate_limit_event","rate_limit_info":{"status":"allowed","rateLimitType":"five_hour","utilization":0.9,"resetsAt":%s}}\\n' $(( $(date +%s) + $1 ))
}
if [ "$CHARGEHAND_TASK" = SHOP-1 ]; then
  report ${TWO_HOURS_S}
  while [ ! -e ${folder}/soon ]; do [ -d ${folder} ] || exit 1; sleep 0.05; done
  report ${SOON_S}
  while [ ! -e ${folder}/go ]; do [ -d ${folder} ] || exit 1; sleep 0.05; done
fi
cat ${RECORDED}
echo sorted >> work.txt
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

interface Pace {
  readonly account: string;
  readonly per: string;
  readonly source: string;
  readonly used_percent: number;
  readonly ceiling_percent: number;
  readonly open: boolean;
  readonly opens_at: string | null;
}

interface Status {
  readonly paces: readonly Pace[];
  readonly accounts: readonly { readonly status: string; readonly until: string | null }[];
}

async function look(stage: DaemonProcess): Promise<Status> {
  return (await stage.api<Status>("/api/v1/status")).body;
}

test("I7, I9: what a program reports over the pace holds the next task over a restart, is explained, and ends by time alone", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const agent = `{ backend: claude, program: ${reportingClaude(stage.folder)}, accounts: [claude-max] }`;
  stage.configure({ argv: ["/bin/true"], agent, concurrency: 2 });
  appendFileSync(
    stage.config,
    `accounts: { claude-max: { backend: claude, env: { HOME: ${stage.folder} } } }
pace: [{ account: claude-max, per: 5h, share: 60%, reserve: 20% }]
`,
  );
  try {
    await stage.start();
    const [before] = (await look(stage)).paces;
    assert.deepEqual([before?.source, before?.open], ["unknown", true]);
    await stage.label(1);
    await stage.until("the account keeps its pace", async () => {
      const { accounts } = await look(stage);
      return accounts[0]?.status === "paced";
    });
    await stage.label(2);
    await stage.until("it is understood", async () => (await jobOf(stage, "SHOP-2"))?.status === "queued");
    const { accounts, paces } = await look(stage);
    await stage.end("SIGKILL");
    await stage.start();
    assert.deepEqual((await look(stage)).accounts, accounts, "as it was before the restart");

    const [pace] = paces;
    const {
      account,
      per,
      source,
      used_percent: used,
      ceiling_percent: ceiling,
      open,
    } = pace ?? assert.fail();
    assert.deepEqual(
      [account, per, source, used, ceiling, open],
      ["claude-max", "5h", "reported", 90, 48, false],
    );
    const wait = Date.parse(pace?.opens_at ?? "") - Date.now();
    assert.ok(wait > 0 && wait <= LONE_LIMIT_MS, `${wait} ms, on one task's word`);
    const { reasons } = await explain(stage, "SHOP-2");
    assert.deepEqual([reasons[0]?.about, reasons[0]?.until], ["account", pace?.opens_at]);
    assert.match(
      reasons[0]?.sentence ?? "",
      /^account claude-max keeps its pace: 90% of its 5 hours is used, as its program reports; one task alone says so/,
    );
    assert.match(
      reasons[0]?.remedy ?? "",
      /^raise share, or lower reserve, under pace in the configuration; /,
    );
    assert.match(await chargehand(stage, "explain", "SHOP-2"), /keeps its pace: 90% of its 5 hours is used/);
    const shown = await chargehand(stage, "status");
    assert.match(shown, /^claude-max +5h +90% +[\d.]+% +48% .*nothing starts until \w+ 20\d\d-/m);
    assert.equal((await jobOf(stage, "SHOP-2"))?.status, "queued");
    assert.equal(await statusOf(stage, "SHOP-1"), "active", "what runs goes on");

    writeFileSync(join(stage.folder, "soon"), "");
    await stage.until("time has ended it", async () => (await statusOf(stage, "SHOP-2")) === "done");
    const job = await jobOf(stage, "SHOP-2");
    assert.deepEqual([job?.attempts, job?.interruptions], [0, 0]);
    writeFileSync(join(stage.folder, "go"), "");
    await stage.until("the first is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
  } finally {
    writeFileSync(join(stage.folder, "go"), "");
    await stage.close();
  }
});
