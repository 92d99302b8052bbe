/** `chargehand demo --forge`: from an issue to its merged pull request, with nobody there and with somebody. */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ForgeReport } from "../../../../cli/demo/forge/report.ts";

const PROGRAM = fileURLToPath(new URL("../../../../bin/chargehand.js", import.meta.url));

test("with --yes the circle closes: CI fails, a review asks, and both are heard before it is merged", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    ...[PROGRAM, "demo", "--forge", "--yes", "--json"],
  ]);
  assert.equal(stderr, "");
  const { task, issue, comments, pulls, violations }: ForgeReport = JSON.parse(stdout);
  assert.deepEqual([task?.status, issue?.is_open, violations], ["done", false, []]);
  assert.deepEqual(
    task?.ci.map(({ status }) => status),
    ["failed", "passed", "passed"],
  );
  assert.match(task?.runs[0]?.summary ?? "", /blanks around them are taken away/);
  const [card, ...asks] = comments;
  // Each of the three times that it has waited for a yes, in a comment of its own.
  assert.equal(asks.filter((text) => /approval/.test(text)).length, 3);
  assert.match(card ?? "", /\*\*Done\*\*[\s\S]*pull request 2\]\(http\S+\/acme\/shop\/pull\/2\) · merged/);
  const [pull, ...others] = pulls;
  assert.deepEqual([others, pull?.is_draft, pull?.merged?.length], [[], false, 40]);
  assert.deepEqual(
    pull?.reviews.filter((one) => one.startsWith("bob")),
    ["bob CHANGES_REQUESTED", "bob APPROVED"],
  );
  assert.deepEqual(
    pull?.threads.map((one) => [one.resolved_by, one.remarks.length]),
    [["chargehand-bot", 2]],
  );
});

test("without --yes it waits for somebody at its page, and Ctrl-C ends it with nothing left behind", async (t) => {
  const demo = spawn(process.execPath, [PROGRAM, "demo", "--forge"], { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => demo.kill("SIGKILL"));
  let out = "";
  const until = async (what: RegExp): Promise<readonly string[]> => {
    for await (const text of demo.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
      out += String(text);
      if (what.test(out)) break;
    }
    return what.exec(out) ?? assert.fail(out);
  };
  const [, page = ""] = await until(/The forge: (\S+) /);
  await until(/ada opens #1/);
  assert.doesNotMatch(out, /has the label agent$/m, "nobody has put it there");
  const body = JSON.stringify({ repo: "acme/shop", by: "ada", number: 1, body: "/agent" });
  assert.equal((await fetch(`${page}/_/people/comment`, { method: "POST", body })).status, 200);
  await until(/planner begins/);
  demo.kill("SIGINT");
  const [code] = await once(demo, "exit");
  assert.equal(code, 1, "it did not come to its end");
  const [, folder = ""] = / in (\S+)$/m.exec(out) ?? [];
  assert.deepEqual([folder !== "", existsSync(folder)], [true, false]);
  await assert.rejects(fetch(page));
});
