/** `projects[].publish`: what becomes of the work of a project's agents. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../reading.ts";
import { GOOD, refuses, refusesAlone } from "../refusals.ts";

const { load } = reading();

function published(text: string, token = ", token: t"): string {
  const lines = GOOD.toSpliced(13, 0, `    publish: ${text}`);
  return `${lines.join("\n").replace("secret: github-secret", `secret: github-secret${token}`)}\n`;
}

test("G4: a pull request by one word is a draft, closes nothing, and is merged by a merge", async () => {
  const { config } = await load(published("pull_request"));
  assert.deepEqual(config.projects[0]?.publish, {
    ...{ to: "pull_request", allowCi: false, requireChange: false, merge: false },
    pull: { draft: true, closes: false, method: "merge", deleteBranch: true },
  });
  assert.equal(config.projects[1]?.publish.pull, undefined);
});

test("G4: a pull request as it is written in full", async () => {
  const text =
    "{ to: pull_request, draft: false, closes: true, method: squash, delete_branch: false, merge: true }";
  const { config } = await load(published(text));
  assert.deepEqual(config.projects[0]?.publish, {
    ...{ to: "pull_request", allowCi: false, requireChange: false, merge: true },
    pull: { draft: false, closes: true, method: "squash", deleteBranch: false },
  });
});

const AGENT = "agents: { script: { backend: command, argv: [./x] } }\n";
const SHOP = "name: shop, prefix: SHOP, clone_url: ./s.git, agent: script";
const FORGE = "sources: { github: { secret: github-secret-of-16, token: t } }\n";

refusesAlone([
  [`${AGENT}${FORGE}projects: [{ ${SHOP}, publish: pull_request }]`, /publish: needs repo, such as acme/],
  [
    `${AGENT}projects: [{ ${SHOP}, repo: a/b, publish: pull_request }]`,
    /needs a forge: sources\.github is missing/,
  ],
  [
    `${AGENT}sources: { github: { secret: github-secret-of-16 } }\nprojects: [{ ${SHOP}, repo: a/b, publish: { to: pull_request } }]`,
    /publish\.to: needs to write there: sources\.github has no token/,
  ],
]);

refuses([
  {
    ...{ line: 14, at: 15, text: "+    publish: { to: branch, draft: true }" },
    ...{ path: "projects[0].publish.draft", says: /is of pull requests; write to: pull_request/ },
  },
  {
    ...{ line: 14, at: 15, text: "+    publish: { to: none, merge: true }" },
    ...{ path: "projects[0].publish.merge", says: /pushes nothing/ },
  },
  {
    ...{ line: 14, at: 15, text: "+    publish: { to: pull_request, method: octopus }" },
    ...{ path: "projects[0].publish.method", says: /one of merge, squash, rebase/ },
  },
]);
