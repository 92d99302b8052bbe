/** Events of a whole repository: none does anything, and each says why. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutRepository } from "../../../handlers/github/repository.ts";
import type { Payload } from "../../../handlers/source.ts";
import { githubExample } from "../payloads.ts";
import { project } from "../project.ts";

function reasonOf(event: string, payload: Payload, repo = "acme/shop"): string {
  const decoded = aboutRepository(event, payload, { projects: [project({ repo })] });
  assert.equal(decoded.kind, "ignore", JSON.stringify(decoded));
  return decoded.reason;
}

test("a push to the base branch is told from others", () => {
  assert.match(
    reasonOf("push", githubExample("push", 0, { ref: "refs/heads/main" })),
    /^a push to the base branch/,
  );
  assert.match(
    reasonOf("push", githubExample("push", 0, { ref: "refs/heads/x" })),
    /on which nothing begins/,
  );
  assert.match(reasonOf("delete", githubExample("delete", 0)), /deleted/);
});

test("a repository that has got another name says which key is to be changed", () => {
  const payload = githubExample("repository", 9, {
    action: "renamed",
    "repository.full_name": "acme/store",
    changes: { repository: { name: { from: "shop" } } },
  });
  assert.match(
    reasonOf("repository", payload),
    /repository of shop is called 'acme\/store' now: change `repo`/,
  );
  assert.match(reasonOf("repository", payload, "acme/other"), /which no project has/);
  const moved = {
    ...payload,
    action: "transferred",
    changes: { owner: { from: { user: { login: "ada" } } } },
  };
  assert.match(reasonOf("repository", moved, "ada/store"), /is called 'acme\/store' now/);
});
