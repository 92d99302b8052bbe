/** The schema as a file, and the door for parts of rooms to come. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { z } from "zod";
import { CONFIG_PARTS } from "../../../daemon/config/config.ts";
import { configJsonSchema, configSchema, schemaOf } from "../../../daemon/config/schema.ts";
import { type ConfigPart, type Fields, keys, PLACES } from "../../../system/config/part.ts";
import { readTree } from "../../../system/config/tree.ts";

const SCHEMA_FILE = new URL("../../../docs/config.schema.json", import.meta.url);

test("docs/config.schema.json is the schema that validates", async () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  if (process.env["UPDATE"]) await writeFile(SCHEMA_FILE, text);
  assert.equal(
    await readFile(SCHEMA_FILE, "utf8"),
    text,
    "run this test with UPDATE=1 and read the difference",
  );
});

test("a room to come puts its keys into the file, into projects and into agents, and touches no other part", () => {
  const shape = { rooms: z.array(z.string()).default([]) };
  const imagined: ConfigPart = {
    keys: {
      "": keys({ reports: z.array(z.string()).default([]) }, (parsed) => parsed, { before: "prices" }),
      "projects[]": keys(shape, (parsed) => parsed, { before: "start" }),
      "agents.*": keys({ git: z.boolean().default(true) }, (parsed) => parsed),
    },
  };
  const schema = schemaOf([...CONFIG_PARTS, imagined]);
  const top = Object.keys(schema.shape);
  assert.deepEqual(top.slice(top.indexOf("agents"), top.indexOf("projects")), [
    "agents",
    "reports",
    "prices",
  ]);
  const parsed: Fields = schema.parse({
    data_dir: "d",
    agents: { a: { backend: "claude", git: false } },
    projects: [{ name: "s", prefix: "S", clone_url: "./s", agent: "a", rooms: ["npm ci"] }],
  });
  const tree = readTree(parsed);
  assert.deepEqual(tree.fields("")["reports"], []);
  assert.equal(tree.at("agents.*")[0]?.fields["git"], false);
  const project = tree.at("projects[]")[0]?.fields ?? {};
  assert.deepEqual(project["rooms"], ["npm ci"]);
  const names = Object.keys(project);
  assert.equal(names.indexOf("rooms") + 1, names.indexOf("start"));
  assert.throws(() => configSchema.parse({ data_dir: "d", reports: [] }), /reports/);
});

test("no two parts have the same key, and every key that stands before another one finds it", () => {
  for (const place of PLACES) {
    const names = CONFIG_PARTS.flatMap(({ keys: all }) => Object.keys(all[place]?.shape ?? {}));
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
    const opened = PLACES.map((inner) =>
      inner
        .replace(/(\[\]|\.\*)$/, "")
        .split(".")
        .at(-1),
    );
    for (const { keys: all } of CONFIG_PARTS) {
      const before = all[place]?.before;
      if (before !== undefined) assert.ok([...names, ...opened].includes(before), `${place}: ${before}`);
    }
  }
});
