/** A repository says how its tasks go, with a real daemon, a real remote and agents that would like it otherwise. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, chargehandEnds, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const GUARDED = `
name: guarded
description: Somebody looks at it.
phases:
  - key: propose
    role: planner
    instructions: Propose it.
    gate: approval
  - key: work
    role: developer
    instructions: Do it.
`;
const LOOSE = "name: loose\nphases:\n  - { key: only, role: developer, instructions: Do it. }\n";
const FILE = ".chargehand/workflow.yaml";

/** Puts the file on the base branch of the remote; `null` removes it. */
function push(stage: DaemonProcess, text: string | null): void {
  const seed = join(stage.folder, "seed");
  mkdirSync(join(seed, ".chargehand"), { recursive: true });
  if (text === null) rmSync(join(seed, FILE));
  else writeFileSync(join(seed, FILE), text);
  stage.git(seed, "add", "-A");
  const who = ["-c", "user.name=T", "-c", "user.email=t@localhost"];
  stage.git(seed, ...who, "commit", "--quiet", "-m", "Say how it goes");
  stage.git(seed, "push", "--quiet", stage.remote, "HEAD:main");
}

interface Told {
  readonly workflow: string;
  readonly branch: string | null;
  readonly phases: readonly { readonly phase: string; readonly status: string }[];
}

async function told(stage: DaemonProcess, key: string): Promise<Told> {
  return JSON.parse(await chargehand(stage, "task", key, "--json"));
}

async function until(stage: DaemonProcess, key: string, status: string): Promise<void> {
  await stage.until(`${key} is ${status}`, async () => (await statusOf(stage, key)) === status);
}

test("D1, D4: a task goes by its repository's base branch, and its agent cannot loosen its own gate", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  // It loosens the gate wherever it can write: in its working copy, on its branch, and on a branch called like the base.
  const script = `
    cat > /dev/null
    echo "$CHARGEHAND_PHASE" >> ${stage.folder}/journal
    mkdir -p .chargehand
    printf '%s' '${LOOSE.replaceAll("\n", "\\n")}' | sed 's/\\\\n/\\n/g' > .chargehand/workflow.yaml
    git add -A; git -c user.name=A -c user.email=a@localhost commit --quiet -m "Loosen it"
    git branch --force main HEAD; git update-ref refs/remotes/origin/main HEAD`;
  try {
    stage.configure({ argv: ["/bin/sh", "-c", script], workflow: "repository" });
    push(stage, GUARDED);
    await stage.start();
    await stage.label(1);
    await until(stage, "SHOP-1", "blocked");
    assert.match((await explain(stage, "SHOP-1")).reasons[0]?.sentence ?? "", /phase propose is good/);

    await stage.label(2);
    await until(stage, "SHOP-2", "blocked");
    assert.equal((await told(stage, "SHOP-2")).workflow, "guarded", "what an agent made counts for no task");

    push(stage, LOOSE);
    await chargehand(stage, "approve", "SHOP-1");
    await until(stage, "SHOP-1", "done");
    const first = await told(stage, "SHOP-1");
    assert.deepEqual(
      [first.workflow, ...first.phases.map(({ phase }) => phase)],
      ["guarded", "propose", "work"],
    );
    assert.match(await chargehand(stage, "kept", "list"), /SHOP-1[\s\S]*\.chargehand\/workflow\.yaml/);

    await stage.label(3);
    await until(stage, "SHOP-3", "done");
    const third = await told(stage, "SHOP-3");
    assert.deepEqual([third.workflow, ...third.phases.map(({ phase }) => phase)], ["loose", "only"]);
    const journal = readFileSync(join(stage.folder, "journal"), "utf8").trim().split("\n");
    assert.deepEqual(journal, ["propose", "propose", "work", "only"]);
  } finally {
    await stage.close();
  }
});

test("D1: without a file a task waits and says so; a bad edit keeps the last good version, and says so", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  try {
    stage.configure({
      argv: ["/bin/sh", "-c", "cat > /dev/null; echo worked > work.txt"],
      workflow: "repository",
    });
    await stage.start();
    const made = await chargehandEnds(
      stage,
      "new",
      "shop",
      "Sort the shelves",
      "--role",
      "developer=scripted",
    );
    assert.match(made.out, /^SHOP-1 /);
    const sentence = async (key: string): Promise<string> =>
      (await explain(stage, key)).reasons[0]?.sentence ?? "";
    await stage.until("it is told", async () => /has no \.chargehand/.test(await sentence("SHOP-1")));
    assert.match((await explain(stage, "SHOP-1")).reasons[0]?.remedy ?? "", /workflow_fallback/);
    assert.equal(await statusOf(stage, "SHOP-1"), "active");

    push(stage, LOOSE);
    await chargehand(stage, "new", "shop", "Another");
    await until(stage, "SHOP-1", "done");
    await until(stage, "SHOP-2", "done");

    push(stage, LOOSE.replace("instructions", "instructoins"));
    await chargehand(stage, "new", "shop", "A third");
    await until(stage, "SHOP-3", "done");
    assert.equal((await told(stage, "SHOP-3")).workflow, "loose");
    const status = await chargehand(stage, "status");
    assert.match(status, /repository of shop has problems, and loose of [0-9a-f]{12} stays in force/);
    assert.match(status, /main:\.chargehand\/workflow\.yaml:3:\d+: phases\[0\]\.instructoins: unknown key/);
  } finally {
    await stage.close();
  }
});

test("D1: a task begins from the branch that it pins, by the workflow that it pins, over a restart", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  try {
    const seed = join(stage.folder, "seed");
    stage.configure({ argv: ["/bin/sh", "-c", "cat > /dev/null; cp release.txt seen.txt"] });
    writeFileSync(join(seed, "release.txt"), "of the release\n");
    stage.git(seed, "add", "-A");
    stage.git(
      seed,
      "-c",
      "user.name=T",
      "-c",
      "user.email=t@localhost",
      "commit",
      "--quiet",
      "-m",
      "Release",
    );
    stage.git(seed, "push", "--quiet", stage.remote, "HEAD:release/1");
    await stage.start();
    const wrong = await chargehandEnds(stage, "new", "shop", "x", "--base", "release/2");
    assert.notEqual(wrong.code, 0);
    const later = ["--base", "release/1", "--workflow", "single", "--in", "1h"];
    await chargehand(stage, "new", "shop", "Sort the shelves", ...later);
    await stage.end("SIGKILL");
    await stage.start();
    await chargehand(stage, "resume", "SHOP-1");
    await until(stage, "SHOP-1", "done");
    const { branch } = await told(stage, "SHOP-1");
    assert.equal(stage.git(stage.remote, "show", `${branch}:seen.txt`), "of the release\n");
  } finally {
    await stage.close();
  }
});
