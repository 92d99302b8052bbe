/** What a push may not change without a word of the configuration. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ciFiles } from "../../../forges/git/ci-files.ts";

test("files that a CI or Chargehand acts on are told from others", () => {
  const acted = [
    ".github/workflows/ci.yml",
    ".github/actions/x/action.yml",
    ".gitlab-ci.yml",
    ".gitea/workflows/x.yaml",
    ".forgejo/workflows/x.yaml",
    ".woodpecker.yml",
    ".woodpecker/build.yaml",
    ".circleci/config.yml",
    "Jenkinsfile",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    ".travis.yml",
    ".drone.yml",
    ".buildkite/pipeline.yml",
    ".chargehand/workflow.yml",
    ".woodpecker/build",
  ];
  const others = [
    ".github/CODEOWNERS",
    "docs/Jenkinsfile.md",
    "src/.travis.yml",
    "chargehand/x",
    ".githubx/workflows/a",
  ];
  assert.deepEqual(ciFiles([...others, ...acted]), acted);
});

test("what replaces a folder that a CI or Chargehand acts on is held like what is in it", () => {
  // As a path of its own each of these is a file, a link or a submodule.
  const acted = [
    ".github",
    ".github/workflows",
    ".github/actions",
    ".gitea",
    ".forgejo",
    ".circleci",
    ".buildkite",
    ".chargehand",
    ".woodpecker",
  ];
  const others = ["github", ".github/ISSUE_TEMPLATE", ".chargehand2", "a/.chargehand", ".woodpeckers"];
  assert.deepEqual(ciFiles([...others, ...acted]), acted);
});

test("a path is held by what it is on a disk that does not tell letters by case, or drops what nobody sees", () => {
  const acted = [
    ".GitHub/Workflows/ci.yml",
    ".CHARGEHAND/workflow.yaml",
    ".Chargehand",
    ".GITLAB-CI.yml",
    "jenkinsfile",
    "JENKINSFILE",
    ".charge\u200chand/workflow.yaml",
    ".charge\u00adhand",
    ".github/workflow\u017f/x.yml",
    ".\uff43hargehand./workflow.yaml",
    ".woodpec\u212Aer.yml",
    ".github /workflows./ci.yml",
    ".chargehand::$INDEX_ALLOCATION/workflow.yaml",
  ];
  assert.deepEqual(ciFiles([".charge-hand/x", ".github\u0301/workflows/x", ...acted]), acted);
});
