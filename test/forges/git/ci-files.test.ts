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
