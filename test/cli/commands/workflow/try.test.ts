/** `workflow try`: a dry run with a real daemon in a place of its own; no other daemon runs. */

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chargehand, type Ended } from "../../scripted-daemon.ts";

const [FAILED, USAGE, NOT_FOUND] = [1, 2, 4];

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-try-test-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function tried(name: string, text: string, ...flags: readonly string[]): Promise<Ended> {
  const file = join(folder, name);
  await writeFile(file, text);
  return chargehand(["workflow", "try", file, ...flags]);
}

test("D2: the example of docs/workflows.md is walked as the page shows it", async () => {
  const page = await readFile(new URL("../../../../docs/workflows.md", import.meta.url), "utf8");
  const planned = /^```yaml\n(name: planned\n[\s\S]*?)^```$/m.exec(page)?.[1] ?? "";
  const shown = /^```text\n\$ chargehand workflow try plan\.yaml\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? "";
  const { code, out, err } = await tried("plan.yaml", planned);
  assert.deepEqual([code, err], [0, ""]);
  // When, and by which commit, is another thing each time.
  const steady = (text: string): string =>
    text.replace(/^ *\d+\.\d s/gm, "TIME").replace(/\b[0-9a-f]{12}, /g, "COMMIT, ");
  assert.equal(steady(out), steady(shown));
});

const GATED = `
name: gated
phases:
  - key: work
    role: developer
    instructions: Do it in {{ repo.name }}.
    gate: { all_of: [{ approval: { approvers: [ada, bob], count: 2 } }, { ci: { required: [test, lint] } }] }
  - key: review
    role: reviewer
    instructions: Look at it.
    artifact:
      path: review.json
      schema: { type: object, required: [verdict], properties: { verdict: { enum: [again, good, hopeless] } } }
    on: { again: work, hopeless: fail }
`;

test("D2: verdicts are said as stated, gates say yes, prompts are shown, and what was not walked is told", async () => {
  const { code, out, err } = await tried(
    "gated.yaml",
    GATED,
    "--verdict",
    "review=again",
    "--prompts",
    "--json",
  );
  assert.deepEqual([code, err], [0, ""]);
  const { phases, runs, approvals, ci, not_walked: open, prompts, ...told } = JSON.parse(out);
  assert.deepEqual([told.name, told.ok, told.status, told.reason, runs], ["gated", true, "done", null, 4]);
  assert.deepEqual(
    phases.map(({ phase, cycle, verdict }: Record<string, unknown>) => `${phase}#${cycle} ${verdict}`),
    ["work#1 null", "review#1 again", "work#2 null", "review#2 good"],
  );
  assert.deepEqual(approvals, [
    { phase: "work", status: "approved", votes: ["ada"] },
    { phase: "review", status: "rejected", votes: [] },
    { phase: "work", status: "approved", votes: ["ada"] },
    { phase: "review", status: "approved", votes: [] },
  ]);
  assert.deepEqual(ci, Array(2).fill({ phase: "work", status: "passed" }));
  assert.deepEqual(open, [{ phase: "review", verdict: "hopeless", to: "fail" }]);
  assert.deepEqual(
    prompts.map(({ phase }: Record<string, unknown>) => phase),
    ["work", "review", "work", "review"],
  );
  assert.match(prompts[0].text, /Do it in tried\./);
});

test("D4: checks are run where that is wanted; a workflow that does not end is told with its reason", async () => {
  const file = `
name: checked
phases:
  - key: work
    role: developer
    attempts: 1
    instructions: Do it.
    checks: [{ run: "test -e tried/work.md && echo seen && exit 3" }]
`;
  const { code, out } = await tried("checked.yaml", file, "--checks");
  assert.equal(code, FAILED);
  assert.match(out, /✗ not accepted: the check "test -e tried.* ended with\s+exit code 3/);
  assert.match(out, /^It does not end: .*exit code 3.*\(1 phase played, \d runs?\)\.$/m);
});

test("D1: what is wrong with a file is told as by check; what cannot be tried is told before anything begins", async () => {
  const broken =
    "name: broken\nphases:\n  - { key: work, role: developer, instructions: Do it., sesion: fresh }\n";
  const { code, err } = await tried("broken.yaml", broken);
  const checked = await chargehand(["workflow", "check", join(folder, "broken.yaml")]);
  assert.deepEqual([code, err], [checked.code, checked.err]);
  const misnamed = await tried("gated.yaml", GATED, "--verdict", "review=god");
  assert.equal(misnamed.code, USAGE);
  assert.match(misnamed.err, /phase review has no verdict god; it has again, good, hopeless/);
  assert.equal((await tried("gated.yaml", GATED, "--verdict", "review")).code, USAGE);
  const odd = GATED.replace("required: [verdict]", "required: [verdict, odd]").replace(
    "properties: {",
    "properties: { odd: { type: string, minLength: 5, maxLength: 3 },",
  );
  const unable = await tried("odd.yaml", odd);
  assert.deepEqual([unable.code, unable.out], [FAILED, ""]);
  assert.match(unable.err, /phases\.review\.artifact\.schema asks for more .*\(odd: /);
  assert.equal((await chargehand(["workflow", "try", join(folder, "none.yaml")])).code, NOT_FOUND);
});
