/** `workflow show` and `workflow list`: drawn for people and for Mermaid, as golden pages, without a daemon. */

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { matchGolden } from "../../../store/golden.ts";
import { chargehand } from "../../scripted-daemon.ts";

const MANY_WAYS = fileURLToPath(new URL("../../../fixtures/workflows/many-ways.yaml", import.meta.url));
const BUILT_IN = new URL("../../../../daemon/workflows/built-in/", import.meta.url);

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-workflow-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function shown(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await chargehand(["workflow", ...args]);
  assert.equal(code, 0, err);
  return out;
}

test("drawings are the golden ones", async () => {
  let text = "";
  for (const args of [
    ["list"],
    ["show", "single"],
    ["show", "pipeline"],
    ["show", MANY_WAYS],
    ["show", "pipeline", "--mermaid"],
    ["show", MANY_WAYS, "--mermaid"],
  ]) {
    const said = args.map((arg) => (arg === MANY_WAYS ? "many-ways.yaml" : arg)).join(" ");
    text += `$ chargehand workflow ${said}\n${await shown(...args)}\n`;
  }
  await matchGolden("workflow.txt", text);
});

test("I13: Mermaid is given names of ours, and words of a file in quoted labels without anything that it obeys", async () => {
  for (const what of ["single", "pipeline", "review", MANY_WAYS]) {
    const [head, ...lines] = (await shown("show", what, "--mermaid")).trimEnd().split("\n");
    assert.equal(head, "flowchart TD");
    for (const line of lines)
      assert.match(line, /^ {2}(n\d+\["[^"`<>%]*(<br\/>[^"`<>%]*)*"\]|n\d+ -->(\|"[^"`<>%]+"\|)? n\d+)$/u);
    assert.doesNotMatch(lines.join(""), /[\p{Cc}\p{Cf}]/u);
  }
});

test("a workflow that is too large for Mermaid is drawn without the ways of its verdicts, and says so", async () => {
  const names = Array.from({ length: 50 }, (_one, index) => `p${index}`);
  const schema = `{ type: object, properties: { verdict: { enum: [${names.map((name) => `to-${name}`).join(", ")}] } } }`;
  const phases = names.map((name) => {
    const on = names.map((target) => `to-${target}: ${target}`).join(", ");
    return `  - { key: ${name}, role: r, instructions: x, artifact: { path: ${name}.json, schema: *s }, on: { ${on} } }`;
  });
  const text = `name: web\nphases:\n${phases.join("\n").replace("*s", `&s ${schema}`)}\n`;
  const file = join(folder, "web.yaml");
  await writeFile(file, text);
  const drawn = await shown("show", file, "--mermaid");
  assert.ok(drawn.length < 50_000 && (drawn.match(/-->/g) ?? []).length <= 500);
  assert.match(drawn, /\["The ways that verdicts take are too many to draw\."\]/);
  assert.match(await shown("show", file), /web, 50 phases/);
});

test("as its file, to copy; as JSON, with the keys of a file", async () => {
  assert.equal(
    await shown("show", "pipeline", "--yaml"),
    await readFile(new URL("pipeline.yaml", BUILT_IN), "utf8"),
  );
  const told: unknown = JSON.parse(await shown("show", MANY_WAYS, "--json"));
  assert.ok(typeof told === "object" && told !== null && "phases" in told && Array.isArray(told.phases));
  const { key, on, max_cycles, timeout_ms } = told.phases[0];
  assert.deepEqual(
    { key, on, max_cycles, timeout_ms },
    {
      ...{ key: "end", on: { small: "build", never: "fail", large: "next" } },
      ...{ max_cycles: 3, timeout_ms: 5_400_000 },
    },
  );
  assert.deepEqual(told.phases[1].gate, {
    ...{ kind: "approval", approvers: ["ada", "bob"], count: 2, not_author: true },
    ...{ expires_ms: 604_800_000, on_reject: "fail" },
  });
  const listed: unknown = JSON.parse(await shown("list", "--json"));
  assert.ok(typeof listed === "object" && listed !== null && "workflows" in listed);
  assert.ok(Array.isArray(listed.workflows) && listed.workflows.length === 3);
});

test("the schema is the one of the documentation", async () => {
  const page = await readFile(new URL("../../../../docs/workflow.schema.json", import.meta.url), "utf8");
  assert.equal(await shown("schema"), page);
});

test("what is not there is 4, with what may have been meant; what has problems is 2", async () => {
  const missing = await chargehand(["workflow", "show", "pipelin"]);
  assert.deepEqual([missing.code, missing.out], [4, ""]);
  assert.match(missing.err, /neither a built-in workflow nor a file pipelin\n {2}did you mean pipeline\?/);
  const other = await chargehand(["workflow", "show", "zzzzzzzz"]);
  assert.match(other.err, /built-in are single, pipeline, review/);
  const file = join(folder, "bad.yaml");
  await writeFile(file, "name: bad\n");
  const bad = await chargehand(["workflow", "show", file, "--mermaid"]);
  assert.deepEqual([bad.code, bad.out], [2, ""]);
  assert.match(bad.err, /bad\.yaml:1:1: phases: is missing/);
  assert.equal((await chargehand(["workflow", "show", "single", "--yaml", "--json"])).code, 2);
});
