/** The artifact of a phase, as its agent has left it: taken in whole, or refused in words that the agent can act on. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { type TestContext, test } from "node:test";
import { collectArtifact } from "../../../../daemon/run/proof/artifact.ts";
import { type Door, systemDoor } from "../../../../system/files/door.ts";
import type { ArtifactSpec } from "../../../../workflow/workflow.ts";
import { OWN, SECRET, TRAPS } from "../../../system/files/traps.ts";

const door = systemDoor();
const SPEC: ArtifactSpec = { path: "deep/review.json", schema: { type: "object", required: ["verdict"] } };

/** The folder of a run, the path of its artifact, and a secret that is none of its business. */
function ground(t: TestContext): {
  readonly root: string;
  readonly directory: string;
  readonly file: string;
} {
  const root = mkdtempSync(`${tmpdir()}/chargehand-artifact-`);
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(`${root}/r/out/deep`, { recursive: true });
  writeFileSync(`${root}/${OWN}`, SECRET);
  return { root, directory: `${root}/r`, file: `${root}/r/out/${SPEC.path}` };
}

test("A5, D5: an artifact is taken in with the hash of all its bytes, its text and its verdict", async (t) => {
  const { directory, file } = ground(t);
  const written = '\ufeff{"verdict": "approve"}\n';
  writeFileSync(file, written);
  assert.deepEqual(await collectArtifact({ door }, directory, SPEC), {
    kind: "found",
    artifact: {
      path: "deep/review.json",
      sha256: createHash("sha256").update(written).digest("hex"),
      bytes: 26,
      text: '{"verdict": "approve"}\n',
      verdict: "approve",
    },
  });
});

test("without a schema it is any text, and has no verdict", async (t) => {
  const { directory, file } = ground(t);
  writeFileSync(file, '{"verdict": "approve"}');
  const collected = await collectArtifact({ door }, directory, { ...SPEC, schema: null });
  assert.equal(collected.kind === "found" && collected.artifact.verdict, null);
});

test("one that is missing is told with the place where it has to be", async (t) => {
  const { directory, file } = ground(t);
  const missing = {
    kind: "missing",
    reason: `the artifact deep/review.json was not written: write it to ${file}`,
    problems: [],
  };
  assert.deepEqual(await collectArtifact({ door }, directory, SPEC), missing);
  rmSync(`${directory}/out`, { recursive: true });
  assert.deepEqual(await collectArtifact({ door }, directory, SPEC), missing);
});

test("one that is invalid is told problem by problem", async (t) => {
  const { directory, file } = ground(t);
  writeFileSync(file, "{}");
  assert.deepEqual(await collectArtifact({ door }, directory, SPEC), {
    kind: "invalid",
    reason: 'the artifact deep/review.json is not as it has to be: top level: lacks the property "verdict"',
    problems: ['top level: lacks the property "verdict"'],
  });
});

for (const [what, { lay, says }] of Object.entries(TRAPS)) {
  test(`I14: ${what} is no artifact`, async (t) => {
    const { root, directory, file } = ground(t);
    lay(file, root);
    const collected = await collectArtifact({ door }, directory, { ...SPEC, schema: null });
    assert.equal(collected.kind, "refused");
    const reason = "reason" in collected ? collected.reason : "";
    assert.match(reason, says);
    assert.match(reason, /^the artifact deep\/review\.json .*: write a plain file there$/);
    assert.ok(!JSON.stringify(collected).includes(SECRET));
  });
}

test("I14: a link in the place of any folder on the way leads nowhere", async (t) => {
  for (const folder of ["r/out/deep", "r/out", "r"]) {
    const { root, directory, file } = ground(t);
    mkdirSync(`${root}/elsewhere`);
    for (const path of ["review.json", "deep/review.json", "out/deep/review.json"]) {
      mkdirSync(dirname(`${root}/elsewhere/${path}`), { recursive: true });
      writeFileSync(`${root}/elsewhere/${path}`, '{"verdict": "stolen"}');
    }
    rmSync(`${root}/${folder}`, { recursive: true });
    symlinkSync(`${root}/elsewhere`, `${root}/${folder}`);
    const collected = await collectArtifact({ door }, directory, SPEC);
    assert.equal(collected.kind, "refused", folder);
    assert.match("reason" in collected ? collected.reason : "", /a link or a file stands in the way/, file);
  }
});

test("one that is larger than 1 MiB is not read, however large it is", async (t) => {
  const { directory, file } = ground(t);
  for (const size of [1_048_577, 2 ** 40]) {
    writeFileSync(file, "");
    truncateSync(file, size);
    const collected = await collectArtifact({ door }, directory, SPEC);
    assert.equal(collected.kind, "refused");
    assert.match("reason" in collected ? collected.reason : "", / is longer than 1 MiB: /);
  }
});

test("Y2: one that changes while it is read is not taken", async (t) => {
  const { directory, file } = ground(t);
  const changes: Readonly<Record<string, () => void>> = {
    longer: () => writeFileSync(file, '{"verdict": "b"} '),
    gone: () => rmSync(file),
    exchanged: () => {
      rmSync(file);
      symlinkSync("/etc/passwd", file);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    rmSync(file, { force: true });
    writeFileSync(file, '{"verdict": "a"}');
    const hasty: Door = {
      ...door,
      read: async (...args) => {
        const received = await door.read(...args);
        change();
        return received;
      },
    };
    const collected = await collectArtifact({ door: hasty }, directory, SPEC);
    assert.equal(collected.kind, "refused", what);
    assert.match("reason" in collected ? collected.reason : "", / changed while it was read: /);
  }
});

test("a path that leaves the folder is none", async (t) => {
  const { root, directory } = ground(t);
  writeFileSync(`${root}/outside.json`, "{}");
  for (const path of ["../../outside.json", "deep/../../../outside.json", "/etc/passwd", ""]) {
    const collected = await collectArtifact({ door }, directory, { path, schema: null });
    assert.ok(collected.kind === "refused" || collected.kind === "missing", path);
  }
});
