/** What an agent asks is taken in through the door, or refused in words that it can mend it by. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runFolder } from "../../../../agents/supervision/run-folder.ts";
import { type CollectedAsk, collectAsk } from "../../../../daemon/run/proof/ask.ts";
import { systemFiles } from "../../../../system/files.ts";

const FIELD = { name: "size", type: "choice", label: "Which size?", options: ["small", "large"] };
const GOOD = { reason: "two ways are open", fields: [FIELD] };

test("I14: the form is read through the door, once it is a plain file of a bounded size, without secrets that are known", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "chargehand-ask-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const place = runFolder(directory).ask;
  const collect = (): Promise<CollectedAsk> =>
    collectAsk(systemFiles(), directory, (text) => text.replaceAll("k3y", "[secret]"));
  assert.equal((await collect()).kind, "none");
  mkdirSync(`${directory}/out`);
  assert.equal((await collect()).kind, "none");
  writeFileSync(place, JSON.stringify({ ...GOOD, reason: "the k3y is old" }));
  const asked = await collect();
  assert.equal(asked.kind === "asked" && asked.asks.form.reason, "the [secret] is old");
  writeFileSync(place, `${JSON.stringify(GOOD)}${" ".repeat(65_536)}`);
  const long = await collect();
  assert.deepEqual(long.kind === "malformed" && long.problems, ["it is longer than 64 KiB"]);
  rmSync(place);
  symlinkSync("/etc/hostname", place);
  const link = await collect();
  assert.match(link.kind === "malformed" ? link.reason : "", /is no form: it is no plain file: .* is a link/);
});
