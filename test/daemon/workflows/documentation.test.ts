/** docs/workflows.md: each of its examples is read, drawn or checked as the page says, and every key has its row. */

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { workflowJsonSchema } from "../../../daemon/workflows/schema.ts";
import { chargehand } from "../../cli/scripted-daemon.ts";
import { reading } from "../config/reading.ts";
import { problemsOf, workflowIn } from "./reading.ts";

const page = await readFile(new URL("../../../docs/workflows.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({
  language,
  text,
}));
const workflows = blocks.filter(({ language, text }) => language === "yaml" && text.startsWith("name: "));
const configuration = reading();

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-examples-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function run(command: string, name: string, text: string): Promise<{ code: number; said: string }> {
  const file = join(folder, name);
  await writeFile(file, text);
  const { code, out, err } = await chargehand(["workflow", command, file]);
  return { code, said: `${out}${err}`.replaceAll(file, name) };
}

for (const { text } of workflows) {
  const name = /^name: (\w+)/.exec(text)?.[1] ?? "";
  if (name === "broken") continue;
  test(`D1: the example ${name} is a workflow`, () => assert.equal(workflowIn(text).name, name));
}

test("every other example is what the page says it is", async () => {
  const others = blocks.filter((block) => !workflows.includes(block));
  assert.deepEqual(
    others.map(({ language, text }) => `${language}: ${text.split(/[\s,]/)[0]}`),
    ["text: planned", "yaml: projects:", "yaml: projects:", "text: reviewed", "text: $"],
  );
  for (const name of ["planned", "reviewed"]) {
    const text = workflows.find((one) => one.text.startsWith(`name: ${name}\n`))?.text ?? "";
    const drawn = others.find((one) => one.text.startsWith(`${name},`))?.text;
    assert.equal(drawn, (await run("show", `${name}.yaml`, text)).said);
  }
  const broken = workflows.find(({ text }) => text.startsWith("name: broken\n"))?.text ?? "";
  assert.equal(problemsOf(broken).length, 4);
  const { code, said } = await run("check", "broken.yaml", broken);
  assert.equal(code, 2);
  assert.equal(others.at(-1)?.text, `$ chargehand workflow check broken.yaml\n${said}`);
});

test("the example of a project is part of a configuration", async () => {
  const planned = workflows[0]?.text ?? "";
  await configuration.write("plan.yaml", planned);
  const project = blocks.find(({ text }) => text.startsWith("projects:"))?.text ?? "";
  const agents = "agents: { coder: { backend: claude }, thinker: { backend: claude } }\n";
  const { config } = await configuration.load(`data_dir: ./data\n${agents}${project}`);
  assert.deepEqual(config.projects[0]?.workflow, workflowIn(planned));
  const own = blocks.findLast(({ text }) => text.startsWith("projects:"))?.text ?? "";
  const [shop] = (await configuration.load(`data_dir: ./data\n${agents}${own}`)).config.projects;
  assert.deepEqual([shop?.workflow, shop?.workflowFallback?.name], [null, "single"]);
});

test("every key of a phase, of an approval and of CI has its row", () => {
  const phase = workflowJsonSchema().properties?.["phases"]?.items?.properties ?? {};
  const approval = phase["gate"]?.anyOf?.[1]?.properties?.["approval"]?.properties ?? {};
  assert.ok(Object.keys(approval).length === 5);
  const ci = phase["gate"]?.anyOf?.[1]?.properties?.["ci"]?.properties ?? {};
  assert.ok(Object.keys(ci).length === 4);
  for (const key of [...Object.keys(phase), ...Object.keys(approval), ...Object.keys(ci)])
    assert.match(page, new RegExp(`^\\|[^|]*\`${key}\`[^|]*\\|`, "m"), key);
});
