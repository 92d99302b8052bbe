/** Which projects a profile works for: refused where it is named for another. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../reading.ts";

const { load, sentences } = reading();

function file({ coder = "", shop = "agent: coder", more = "" }): string {
  return `data_dir: data
agents:
  coder: { backend: claude${coder} }
  other: { backend: claude }
projects:
  - { name: shop, prefix: SHOP, clone_url: /nowhere, ${shop} }
  - { name: mill, prefix: MILL, clone_url: /nowhere, agent: other }
${more}`;
}

const SHOP_ONLY = ", projects: [shop]";

test("D1: a profile may name the projects that it works for", async () => {
  const { config } = await load(file({ coder: SHOP_ONLY }));
  assert.deepEqual([config.agents["coder"]?.projects, config.agents["other"]?.projects], [["shop"], null]);
});

test("D1: whoever names it for another project is refused, wherever that is", async () => {
  const stranger = "agent coder does not work for project mill: agents.coder.projects names its own";
  const slot = 'project: mill, every: "0 3 * * *", timezone: UTC, title: x';
  const window = "start: '09:00', duration: 1h, timezone: UTC";
  const cases: Readonly<Record<string, string>> = {
    [`recurring: [{ name: r, ${slot}, agent: coder }]`]: "recurring[0].agent",
    [`schedules: [{ name: s, projects: [mill], ${window}, agent: coder }]`]: "schedules[0].agent",
    [`schedules: [{ name: s, ${window}, agent: coder }]`]: "schedules[0].agent",
  };
  for (const [more, path] of Object.entries(cases))
    assert.deepEqual(await sentences(file({ coder: SHOP_ONLY, more })), [`${path}: ${stranger}`], more);
  const own = "agent coder does not work for project shop: agents.coder.projects names its own";
  assert.deepEqual(
    await sentences(file({ coder: ", projects: [mill]", shop: "agent: other, agents: { reviewer: coder }" })),
    [`projects[0].agents.reviewer: ${own}`],
  );
  assert.deepEqual(await sentences(file({ coder: ", projects: [shpo]" })), [
    'agents.coder.projects[0]: there is no project "shpo"; did you mean "shop"?',
    `projects[0].agent: ${own}`,
  ]);
});

test("D1: who plays instead of it works for the same projects", async () => {
  const more = "";
  const text = file({ coder: SHOP_ONLY, more }).replace(
    "other: { backend: claude }",
    "other: { backend: claude, fallback: coder }",
  );
  assert.deepEqual(await sentences(text), [
    "agents.other.fallback: agent coder does not work for project mill: agents.coder.projects names its own",
  ]);
});
