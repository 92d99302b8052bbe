/** The artifact of a phase, as its agent has left it: taken in whole, or refused in words that the agent can act on. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { type TestContext, test } from "node:test";
import { type Collected, collectArtifact } from "../../../../daemon/run/proof/artifact.ts";
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

function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function refusedBy(
  directory: string,
  spec: ArtifactSpec,
): Promise<Exclude<Collected, { kind: "found" }>> {
  const collected = await collectArtifact({ door }, directory, spec);
  return collected.kind === "found" ? assert.fail("it was taken") : collected;
}

test("A5, D5: an artifact is taken in with the hash of all its bytes, its text and its verdict", async (t) => {
  const { directory, file } = ground(t);
  const written = '\ufeff{"verdict": "approve"}\n';
  writeFileSync(file, written);
  assert.deepEqual(await collectArtifact({ door }, directory, SPEC), {
    kind: "found",
    artifact: {
      path: "deep/review.json",
      sha256: sha256(written),
      bytes: 26,
      text: '{"verdict": "approve"}\n',
      verdict: "approve",
      isValid: true,
      problems: [],
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
    artifact: null,
  };
  assert.deepEqual(await collectArtifact({ door }, directory, SPEC), missing);
  rmSync(`${directory}/out`, { recursive: true });
  assert.deepEqual(await collectArtifact({ door }, directory, SPEC), missing);
});

test("A5, D4: one that is invalid is told problem by problem, and is kept as one that nothing goes by", async (t) => {
  const { directory, file } = ground(t);
  const schema = { type: "object", required: ["summary"] };
  writeFileSync(file, '\ufeff{"verdict": "approve"}');
  const problems = ['top level: lacks the property "summary"'];
  assert.deepEqual(await collectArtifact({ door }, directory, { ...SPEC, schema }), {
    kind: "invalid",
    reason: `the artifact deep/review.json is not as it has to be: ${problems[0]}`,
    problems,
    artifact: {
      path: "deep/review.json",
      sha256: sha256('\ufeff{"verdict": "approve"}'),
      bytes: 25,
      text: '{"verdict": "approve"}',
      verdict: null,
      isValid: false,
      problems,
    },
  });
});

test("what is no text is kept as text that any database takes, with the hash of what it was", async (t) => {
  const { directory, file } = ground(t);
  const bytes = Uint8Array.of(0x7b, 0x00, 0xff, 0x7d);
  writeFileSync(file, bytes);
  for (const schema of [SPEC.schema, null]) {
    const { artifact } = await refusedBy(directory, { ...SPEC, schema });
    assert.deepEqual(
      [artifact?.text, artifact?.bytes, artifact?.sha256],
      ["{\ufffd\ufffd}", 4, sha256(bytes)],
    );
  }
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
    assert.equal("problems" in collected && collected.artifact, null);
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

test("one that is larger than 1 MiB is refused, and kept by its beginning and the hash of all of it", async (t) => {
  const { directory, file } = ground(t);
  for (const size of [1_048_577, 5_000_000, 16 * 1_048_576]) {
    const bytes = Buffer.alloc(size, "ab");
    writeFileSync(file, bytes);
    const { reason, artifact } = await refusedBy(directory, SPEC);
    assert.match(reason, / is longer than 1 MiB: /);
    const { text, ...rest } = artifact ?? assert.fail();
    assert.deepEqual([text.length, text.slice(0, 4)], [1_048_576, "abab"]);
    const told = { path: SPEC.path, sha256: sha256(bytes), bytes: size, verdict: null };
    assert.deepEqual(rest, { ...told, isValid: false, problems: [reason] });
  }
});

test("one that is huge is not even read to be hashed, and nothing of it is kept", async (t) => {
  const { directory, file } = ground(t);
  for (const size of [16 * 1_048_576 + 1, 2 ** 40]) {
    writeFileSync(file, "");
    truncateSync(file, size);
    const { reason, artifact } = await refusedBy(directory, SPEC);
    assert.match(reason, / is longer than 1 MiB: /);
    assert.equal(artifact, null);
  }
});

test("Y4: of one that is too long and changes while it is read nothing is kept", async (t) => {
  const { directory, file } = ground(t);
  for (const change of [
    () => truncateSync(file, 1_500_000),
    () => rmSync(file, { force: true }),
    () => writeFileSync(file, "x".repeat(3_000_001)),
  ]) {
    writeFileSync(file, "x".repeat(3_000_000));
    const hasty: Door = {
      ...door,
      read: async (...args) => {
        const received = await door.read(...args);
        if (args[2] > 0) change();
        return received;
      },
    };
    const collected = await collectArtifact({ door: hasty }, directory, SPEC);
    assert.ok(collected.kind === "refused" && collected.artifact === null);
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
