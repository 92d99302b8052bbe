/** What a dialect remembers between two lines. */

import assert from "node:assert/strict";
import test from "node:test";
import { claude } from "../../../agents/claude/claude.ts";
import { pi } from "../../../agents/pi/pi.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";
import { digest, finish, openTail } from "../../../agents/supervision/tail.ts";
import { NEW_RUN } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

test("What another version of a dialect remembered is as good as nothing, and never misread", () => {
  for (const backend of [claude, pi, qwen]) {
    const foreign = {
      ...backend.begin(NEW_RUN),
      memory: { dialect: "another-7", settled: "x", lanes: 3, tools: {} },
    };
    const { stdout } = recording("success", backend.name);
    const read = finish(backend, digest(backend, openTail({ transcript: foreign, logOffset: 0 }), stdout));
    assert.equal(read.transcript.terminal?.ok, true);
    assert.deepEqual(read.transcript.usage, fold(backend, stdout).transcript.usage);
  }
});
