/** What a real daemon tells of itself after real work: its measures, and what a webhook would do to it now. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { chargehand, statusOf } from "./command-line.ts";
import { DaemonProcess, labeled } from "./daemon-process.ts";

const RESULT = {
  status: "ok",
  summary: "done",
  usage: [{ model: "gpt-5", input_tokens: 1_000, output_tokens: 200, cost_usd: 0.25 }],
};

async function worked(t: TestContext): Promise<DaemonProcess> {
  const script = `cat >/dev/null; echo done >>work.txt; printf %s '${JSON.stringify(RESULT)}' >"$CHARGEHAND_RESULT"`;
  const stage = new DaemonProcess({ argv: ["/bin/sh", "-c", script] });
  t.after(() => stage.close());
  await stage.start();
  // Counters begin with the first look.
  await scrape(stage);
  await stage.label(1);
  await stage.until("SHOP-1 is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
  return stage;
}

test("the page for Prometheus is well-formed, has every documented name, and agrees with the API", async (t) => {
  const stage = await worked(t);
  const page = await scrape(stage);
  const docs = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
  const documented = [...docs.matchAll(/^\| `((?:chargehand|process)_\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(new Set(page.types.keys()), new Set(documented));
  const { body: status } = await stage.api<Record<string, Record<string, number>>>("/api/v1/status");
  for (const noun of ["tasks", "jobs", "runs", "deliveries"] as const)
    for (const [of, count] of Object.entries(status[noun] ?? {}))
      assert.equal(page.value(`chargehand_${noun}{status="${of}"}`), count, `${noun} ${of}`);
  const { body } = await stage.api<{ runs: readonly Record<string, unknown>[] }>("/api/v1/runs");
  const [run] = body.runs;
  const told = (name: string): number => page.value(name);
  assert.equal(told('chargehand_runs_finished_total{project="shop",status="succeeded",failure="none"}'), 1);
  assert.equal(told('chargehand_deliveries_received_total{source="github"}'), 1);
  assert.equal(told('chargehand_deliveries_handled_total{source="github",status="processed"}'), 1);
  assert.equal(told('chargehand_tokens_total{model="gpt-5",kind="input"}'), run?.["input_tokens"]);
  assert.equal(told('chargehand_cost_dollars_total{model="gpt-5"}'), run?.["cost_usd"]);
  assert.equal(told("chargehand_spend_today_dollars"), run?.["cost_usd"]);
  assert.equal(told('chargehand_run_seconds_count{project="shop"}'), 1);
  const seconds =
    (Date.parse(String(run?.["finished_at"])) - Date.parse(String(run?.["started_at"]))) / 1_000;
  assert.ok(Math.abs(told('chargehand_run_seconds_sum{project="shop"}') - seconds) < 1);
  assert.equal(told('chargehand_claim_wait_seconds_count{project="shop"}'), 1);

  const file = join(stage.folder, "payload.json");
  const tell = (number: number, ...more: readonly string[]): Promise<string> => {
    writeFileSync(file, labeled(number));
    return chargehand(stage, "webhook", "test", file, "--source", "github", "--event", "issues", ...more);
  };
  assert.match(
    await tell(1),
    /as the daemon has it now\n {2}delivery 1 has told this already.*\n.*\n.*\n {4}nothing would change: SHOP-1: /,
  );
  assert.match(
    await tell(2),
    /start task “Issue 2”.*\n.*alice may do that.*\n {4}a task would be made \(task\.created/,
  );
  assert.equal(JSON.parse(await tell(2, "--json")).by, "daemon");
  assert.equal(
    (await scrape(stage)).value('chargehand_deliveries{status="processed"}'),
    1,
    "nothing was stored",
  );
  await stage.end("SIGTERM");
  assert.match(
    await tell(2),
    /by the configuration alone: no daemon is running on .*, so tasks and what was heard/,
  );
});

interface Page {
  /** Of each name, by `# TYPE`. */
  readonly types: ReadonlyMap<string, string>;
  value(series: string): number;
}

const HELP = /^# HELP ([a-zA-Z_:][\w:]*) \S.*$/;
const TYPE = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/;
const SAMPLE =
  /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (NaN|[+-]Inf|[+-]?[\d.]+(?:e[+-]?\d+)?)$/;
const SUFFIX = /_(?:bucket|sum|count)$/;

/** As the format's document has it (text format 0.0.4): help and type before samples, each series once. */
function parsed(text: string): Page {
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const values = new Map<string, number>();
  assert.ok(text.endsWith("\n"), "the last line ends, too");
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const [, help] = HELP.exec(line) ?? [];
    const [, name, type] = TYPE.exec(line) ?? [];
    const [, sample, labels = "", value] = SAMPLE.exec(line) ?? [];
    if (help !== undefined) helped.add(help);
    else if (name !== undefined && type !== undefined) {
      assert.ok(!types.has(name) && helped.has(name), line);
      types.set(name, type);
    } else {
      assert.ok(sample !== undefined && value !== undefined, `no line of Prometheus text: ${line}`);
      const family = types.get(sample) === undefined ? sample.replace(SUFFIX, "") : sample;
      assert.ok(types.get(family) === "histogram" ? SUFFIX.test(sample) : types.has(sample), line);
      assert.ok(!values.has(sample + labels), `twice: ${line}`);
      values.set(sample + labels, value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value));
    }
  }
  return {
    types,
    value: (series) =>
      values.get(series) ?? assert.fail(`there is no ${series}\n${[...values.keys()].join("\n")}`),
  };
}

async function scrape(stage: DaemonProcess): Promise<Page> {
  const token = readFileSync(join(stage.dataDir, "admin-token"), "utf8").trim();
  const answer = await fetch(`${stage.urls.admin}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  return parsed(await answer.text());
}
