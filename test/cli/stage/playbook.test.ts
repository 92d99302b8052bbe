/** The scripted agent's book: each run of a phase takes its step, and does no more than the step says. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { partOf, perform } from "../../../cli/stage/playbook.ts";

const folder = mkdtempSync(join(tmpdir(), "chargehand-playbook-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("runs of a phase are counted by task and phase; the last step is taken again and again", () => {
  const file = join(folder, "playbook.json");
  const phases = { work: [{ says: "one" }, { says: "two" }] };
  writeFileSync(file, JSON.stringify({ turnMs: 3, phases }));
  const env = { CHARGEHAND_DATA: folder, CHARGEHAND_TASK: "SHOP-1", CHARGEHAND_PHASE: "work" };
  const says = (more: Readonly<Record<string, string>> = {}): string =>
    partOf(file, "", { ...env, ...more }).step.says;
  assert.deepEqual(
    [says(), says({ CHARGEHAND_TASK: "SHOP-2" }), says(), says()],
    ["one", "one", "two", "two"],
  );
  assert.equal(says({ CHARGEHAND_PHASE: "other" }), "Nothing is written for other.");
  assert.equal(partOf(file, "", env).turnMs, 3);
});

test("where steps say when, the prompt chooses, however often it is asked", () => {
  const file = join(folder, "by-prompt.json");
  const work = [
    { says: "make it" },
    { when: ["red"], says: "mend it" },
    { when: ["bob", "oak"], says: "of oak" },
  ];
  writeFileSync(file, JSON.stringify({ turnMs: 1, phases: { work } }));
  const env = { CHARGEHAND_DATA: folder, CHARGEHAND_TASK: "SHOP-3", CHARGEHAND_PHASE: "work" };
  const says = (prompt: string): string => partOf(file, prompt, env).step.says;
  assert.deepEqual(["", "red", "red", "bob: pine", "bob: oak", "red, and bob: oak", ""].map(says), [
    ...["make it", "mend it", "mend it", "make it", "of oak", "of oak", "make it"],
  ]);
});

test("a step writes files, artifact and form, and hears what the prompt says", () => {
  const env = {
    CHARGEHAND_ARTIFACT: join(folder, "out/deep/a.json"),
    CHARGEHAND_ASK: join(folder, "out/ask.json"),
  };
  const files = { [join(folder, "work/docs/a.md")]: "A\n" };
  const step = {
    files,
    artifact: "{}",
    ask: { reason: "why" },
    hears: { tabs: "Tabs it is." },
    says: "Done.",
  };
  assert.deepEqual(perform(step, "use tabs", env), { says: "Done. Tabs it is.", isDone: true });
  assert.deepEqual(perform(step, "as you like", env), { says: "Done.", isDone: true });
  assert.equal(readFileSync(env.CHARGEHAND_ARTIFACT, "utf8"), "{}");
  assert.equal(readFileSync(env.CHARGEHAND_ASK, "utf8"), '{"reason":"why"}');
  assert.equal(readFileSync(join(folder, "work/docs/a.md"), "utf8"), "A\n");
});

test("a prompt that lacks what it has to say ends the run, and nothing is written", () => {
  const files = { [join(folder, "never.md")]: "" };
  const missed = perform({ needs: ["## Trouble"], files, says: "Mended." }, "no trouble", {});
  assert.deepEqual(missed, { says: "The prompt does not say “## Trouble”.", isDone: false });
  assert.throws(() => readFileSync(join(folder, "never.md")), /ENOENT/);
});
