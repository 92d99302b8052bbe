/** What stands around each agent: what is taken, and what is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../reading.ts";
import { edited, refuses } from "../refusals.ts";

const { problems } = reading();

refuses([
  {
    line: 1,
    text: "+limits: { run: { memory: 1MiB } }",
    path: "limits.run.memory",
    says: /at least 64MiB/,
    at: 2,
  },
  {
    line: 1,
    text: "+isolation: chroot",
    path: "isolation",
    says: /must be one of auto, sandbox, none, scope/,
    at: 2,
  },
  {
    line: 7,
    text: "  developer: { backend: claude, mounts: [{ path: /x, mode: rwx }] }",
    path: "agents.developer.mounts[0].mode",
    says: /must be one of ro, rw/,
  },
]);

for (const walls of ["auto", "sandbox", "none", "scope"])
  test(`limits.run goes with isolation: ${walls}`, async () => {
    const text = edited(1, `+isolation: ${walls}\nlimits: { run: { memory: 1GiB } }`);
    assert.deepEqual(await problems(text), []);
  });

for (const walls of ["none", "scope"])
  test(`a closed network is refused with isolation: ${walls}, because nobody would close it`, async () => {
    const text = `data_dir: d\nisolation: ${walls}\nagents: { dev: { backend: claude, network: none } }\n`;
    const [problem, ...others] = await problems(text);
    assert.deepEqual([problem?.path, others], ["agents.dev.network", []]);
    assert.equal(problem?.message, `needs a sandbox, which isolation: ${walls} does without`);
  });
