/** `chargehand agent ask`: the form that its options make, who may not ask, and that no wrong form is laid down. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { chargehand, type Ended } from "../../scripted-daemon.ts";

const [FAILED, USAGE, REFUSED] = [1, 2, 5] as const;
const folder = mkdtempSync(join(tmpdir(), "chargehand-agent-ask-"));
const place = join(folder, "ask.json");
beforeEach(() => rmSync(place, { force: true }));
after(() => rmSync(folder, { recursive: true }));

function ask(line: readonly string[], input = "", env = { CHARGEHAND_ASK: place }): Promise<Ended> {
  return chargehand(["agent", "ask", ...line], env, 100, undefined, input);
}

function asked(): unknown {
  return JSON.parse(readFileSync(place, "utf8"));
}

test("B3: an agent asks by options, in their order, and is told that its run may end", async () => {
  const { code, out, err } = await ask([
    ...[
      "--reason",
      "two ways are open",
      "--title",
      "How to go on",
      "--expires",
      "2d",
      "--on-expire",
      "continue",
    ],
    ...["--choice", "way=Which way?", "--option", "keep", "--option", "a=b", "--default", "keep"],
    ...["--text", "note=A note = a word", "--optional", "--max", "200"],
    ...[
      "--choices",
      "tags=Which tags?",
      "--option",
      "x",
      "--option",
      "y",
      "--default",
      "x",
      "--default",
      "y",
    ],
    ...["--number", "size=How large?", "--min", "-1", "--max", "2.5", "--confirm", "sure=Sure?"],
    ...["--secret", "token=The token"],
  ]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^Asked\. End now as if your work were done/);
  assert.deepEqual(asked(), {
    ...{ reason: "two ways are open", title: "How to go on", expires: "2d", on_expire: "continue" },
    fields: [
      { name: "way", type: "choice", label: "Which way?", options: ["keep", "a=b"], default: "keep" },
      { name: "note", type: "text", label: "A note = a word", required: false, max: 200 },
      { name: "tags", type: "choices", label: "Which tags?", options: ["x", "y"], default: ["x", "y"] },
      { name: "size", type: "number", label: "How large?", min: -1, max: 2.5 },
      { name: "sure", type: "confirm", label: "Sure?" },
      { name: "token", type: "secret", label: "The token" },
    ],
  });
  assert.deepEqual(readdirSync(folder), ["ask.json"], "it is there as a whole");
});

test("B3: a whole form comes from standard input or a file", async () => {
  const form = { reason: "r", fields: [{ name: "a", type: "confirm", label: "A?" }] };
  assert.equal((await ask(["--form", "-"], JSON.stringify(form))).code, 0);
  assert.deepEqual(asked(), form);
  const file = join(folder, "form.json");
  writeFileSync(file, JSON.stringify({ ...form, reason: "another" }));
  assert.equal((await ask(["--form", file])).code, 0);
  assert.deepEqual(asked(), { ...form, reason: "another" });
  rmSync(file);
  const { code, err } = await ask(["--form", file]);
  assert.equal(code, USAGE);
  assert.match(err, /^chargehand: the form cannot be read: ENOENT/);
});

test("I13: what is no form is told line by line and laid nowhere, and what was asked before stays", async () => {
  writeFileSync(place, "before");
  const table: readonly [line: readonly string[], wanted: RegExp][] = [
    [["--text", "a=A"], /^chargehand: nothing was asked\n {2}reason: /],
    [["--reason", "r"], /\n {2}fields: /],
    [["--reason", "r", "--choice", "../x=A"], /fields\[0\]\.name: must be a small letter/],
    [["--reason", "r", "--choice", "a=A"], /fields\[0\]: has no options/],
    [["--reason", "r", "--text", "a=A", "--expires", "soon"], /expires: must be a duration/],
    [["--reason", "r", "--text", "a"], /It is NAME=LABEL\./],
    [["--reason", "r", "--option", "x"], /It belongs behind a field/],
    [["--reason", "r", "--optional"], /It belongs behind a field/],
    [["--reason", "r", "--number", "a=A", "--min", "few"], /It is a number\./],
    [["--reason", "r", "--form", "-"], /--form is the whole form/],
  ];
  for (const [line, wanted] of table) {
    const { code, out, err } = await ask(line);
    assert.deepEqual([code, out], [USAGE, ""], line.join(" "));
    assert.match(err, wanted);
  }
  for (const input of ["", "[]", "x".repeat(65_537), "[".repeat(30_000)])
    assert.equal((await ask(["--form", "-"], input)).code, USAGE);
  assert.equal(readFileSync(place, "utf8"), "before");
});

test("B3: outside of a run nobody is asked, and a place that cannot be written is a failure", async () => {
  const line = ["--reason", "r", "--text", "a=A"];
  const outside = await ask(line, "", { CHARGEHAND_ASK: "" });
  assert.equal(outside.code, REFUSED);
  assert.match(
    outside.err,
    /^chargehand: this is no run: \$CHARGEHAND_ASK names no file\n {2}an agent asks /,
  );
  const nowhere = await ask(line, "", { CHARGEHAND_ASK: join(folder, "none", "ask.json") });
  assert.equal(nowhere.code, FAILED);
  assert.match(nowhere.err, /^chargehand: the form could not be written: ENOENT/);
  assert.equal(existsSync(place), false);
});
