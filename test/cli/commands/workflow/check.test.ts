/** `workflow check`: 0 for a file that is fine, 2 with every problem at its line, without a daemon. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chargehand } from "../../scripted-daemon.ts";

let folder = "";
const inFolder = (name: string): string => join(folder, name);
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-check-"));
  await writeFile(
    inFolder("good.yaml"),
    "name: good\nphases:\n  - { key: a, role: r, instructions: Do it. }\n",
  );
  await writeFile(
    inFolder("bad.yaml"),
    'name: bad\nphases:\n  - key: a\n    role: r\n    instructions: |\n      Do\n      {{ task.tilte }}\n    "\\e[31m": 1\n',
  );
});
after(() => rm(folder, { recursive: true, force: true }));

test("a file that is fine says so, and ends with 0", async () => {
  const { code, out, err } = await chargehand(["workflow", "check", inFolder("good.yaml")]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /good\.yaml is fine: good, 1 phase, [0-9a-f]{12}\n$/);
});

test("problems are told as path:line:column on standard error, safe for a terminal, and it ends with 2", async () => {
  const { code, out, err } = await chargehand([
    "workflow",
    "check",
    inFolder("good.yaml"),
    inFolder("bad.yaml"),
  ]);
  assert.equal(code, 2);
  assert.match(out, /good\.yaml is fine/);
  const file = inFolder("bad.yaml");
  assert.deepEqual(err.trimEnd().split("\n"), [
    `${file}:7:10: phases[0].instructions: names "task.tilte", which is not there; did you mean "task.title"?`,
    `${file}:8:5: phases[0]."\\u001b[31m": unknown key; known here: key, role, instructions, merge, artifact, checks, gate, on, when, session, attempts, max_cycles, timeout, model, effort, publish`,
  ]);
});

test("as JSON it is one document, and a list for several files", async () => {
  const one = await chargehand(["workflow", "check", inFolder("bad.yaml"), "--json"]);
  assert.deepEqual([one.code, one.err], [2, ""]);
  const { ok, problems } = JSON.parse(one.out);
  assert.equal(ok, false);
  assert.deepEqual(problems[0], {
    ...{ line: 7, column: 10, path: "phases[0].instructions" },
    message: 'names "task.tilte", which is not there; did you mean "task.title"?',
  });
  const two = JSON.parse(
    (await chargehand(["workflow", "check", inFolder("bad.yaml"), inFolder("good.yaml"), "--json"])).out,
  );
  assert.deepEqual(
    two.map((told: { ok: boolean }) => told.ok),
    [false, true],
  );
});

test("a file that is not there is 4, and a folder is 1", async () => {
  const missing = await chargehand(["workflow", "check", inFolder("nothing.yaml")]);
  assert.deepEqual([missing.code, missing.out], [4, ""]);
  assert.match(missing.err, /there is no file .*nothing\.yaml/);
  assert.equal((await chargehand(["workflow", "check", folder])).code, 1);
});
