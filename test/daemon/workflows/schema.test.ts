/** The schema of workflow files, as editors get it. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { workflowJsonSchema } from "../../../daemon/workflows/schema.ts";

const SCHEMA_FILE = new URL("../../../docs/workflow.schema.json", import.meta.url);

test("docs/workflow.schema.json is the schema that validates", async () => {
  const text = `${JSON.stringify(workflowJsonSchema(), null, 2)}\n`;
  if (process.env["UPDATE"]) await writeFile(SCHEMA_FILE, text);
  assert.equal(await readFile(SCHEMA_FILE, "utf8"), text, "run with UPDATE=1 to write it anew");
});

test("every key of a phase says what it is for", () => {
  const { description: _whole, ...keys } =
    workflowJsonSchema().properties?.["phases"]?.items?.properties ?? {};
  assert.ok(Object.keys(keys).length >= 15);
  for (const [key, { description }] of Object.entries(keys)) assert.ok(description, key);
});
