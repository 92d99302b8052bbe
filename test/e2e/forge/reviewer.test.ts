/**
 * An agent reviews what another has made, by an account of its own: what its verdict is stands at the pull request, and
 * counts there for what the base branch demands.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FAKE_TOKEN } from "../../../cli/stage/fake-github/start.ts";
import { openGround, REPO } from "./ground.ts";
import { untilSeen } from "./patience.ts";
import { pullOf } from "./story.ts";

const WORKFLOW = `
name: reviewed
phases:
  - key: work
    role: developer
    instructions: Do what is asked for below.
    publish: true
  - key: review
    role: reviewer
    session: fresh
    instructions: Review it.
    artifact:
      path: review.json
      schema:
        type: object
        required: [verdict, summary]
        properties:
          verdict: { enum: [approved, changes_requested] }
          summary: { type: string }
          findings: { type: array }
    on: { changes_requested: work }
  - key: merge
    merge: merge_commit
    when: { project: merges }
    on: { conflict: work }
`;

const TOKEN = "ghp_of0the0reviewer000000000000000000000";
const finding = { severity: "blocking", file: "shelf.txt", line: 1, problem: "It has no name." };
const artifact = (content: object) => ({ turns: 1, artifact: JSON.stringify(content), says: "It was read." });

test("G12: a reviewer with an account of its own asks for changes, and its approval is what the merge waited for", async () => {
  const ground = await openGround({
    workflow: WORKFLOW,
    protection: { checks: [], approvals: 1 },
    accounts: { reviewer: TOKEN },
    agents: { careful: "reviewer" },
    project: ["agents: { reviewer: careful }"],
    playbook: {
      turnMs: 20,
      phases: {
        work: [
          { turns: 1, files: { "shelf.txt": "a shelf\n" }, says: "There is a shelf." },
          {
            turns: 1,
            needs: ["has no name"],
            files: { "shelf.txt": "a shelf, oak\n" },
            says: "It is of oak.",
          },
        ],
        review: [
          artifact({ verdict: "changes_requested", summary: "It has no name.", findings: [finding] }),
          artifact({ verdict: "approved", summary: "It is good." }),
        ],
      },
    },
  });
  const { stage, github } = ground;
  try {
    github.addToken({ token: TOKEN, login: "careful-bot" });
    github.world.repo(REPO).roles.set("careful-bot", "write");
    await stage.start();
    const { number } = github.people.open({ repo: REPO, by: "ada", title: "Build a shelf", body: "" });
    github.people.label({ repo: REPO, by: "ada", number, label: "agent" });
    await untilSeen(ground, "it is merged", () => (pullOf(github)?.pull.merged ?? null) !== null);
    const reviews = pullOf(github)?.pull.reviews ?? [];
    assert.deepEqual(
      reviews.map(({ author, state }) => `${author.login} ${state}`),
      ["careful-bot CHANGES_REQUESTED", "careful-bot APPROVED"],
      "each verdict once, and what it says itself is heard by nobody",
    );
    assert.match(
      reviews[0]?.body ?? "",
      /> It has no name\.\n\n- \*\*blocking\*\* `shelf\.txt:1`: It has no name\./,
    );
    assert.equal(reviews[1]?.commit, pullOf(github)?.pull.headSha);
    assert.deepEqual(github.violations, []);
    for (const token of [TOKEN, FAKE_TOKEN]) assert.doesNotMatch(stage.log, new RegExp(token));
  } finally {
    await ground.close();
  }
});
