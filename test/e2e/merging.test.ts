/** What was made goes into the base branch with a real daemon, a real remote and the real command line. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const WORKFLOW = `
name: merged
phases:
  - { key: work, role: developer, instructions: Do it., publish: true }
  - key: merge
    merge: fast_forward
    when: { project: merges }
    on: { conflict: work }
  - key: deploy
    role: deployer
    when: { project: merges }
    instructions: Deploy it.
    artifact:
      path: deploy.json
      schema: { type: object, properties: { verdict: { enum: [HEALTHY, DEGRADED] } }, required: [verdict] }
    on: { DEGRADED: freeze }
`;

/**
 * Works on a file that others change, too, and joins what it is told to; its deploy is good unless a file says so.
 * Waits before it ends for as long as a file `wait` is there.
 */
function agent(folder: string): readonly string[] {
  const script = `
    prompt=$(cat)
    echo "$CHARGEHAND_TASK $CHARGEHAND_PHASE" >> ${folder}/journal
    other=$(printf '%s' "$prompt" | sed -n 's/^.*git merge \\([0-9a-f]\\{40\\}\\).*$/\\1/p' | head -n 1)
    case $CHARGEHAND_PHASE in
      work)
        if [ -n "$other" ]; then
          git -c user.name=A -c user.email=a@localhost merge -q "$other" > /dev/null 2>&1
          printf '# Shop\\n\\nours and theirs\\n' > README.md
          git add -A
          git -c user.name=A -c user.email=a@localhost commit -q -m "Join the two"
        else printf '# Shop\\n\\nours %s\\n' "$CHARGEHAND_TASK" > README.md; fi;;
      deploy)
        verdict=HEALTHY
        [ -e ${folder}/bad ] && verdict=DEGRADED
        printf '{"verdict":"%s"}' $verdict > "$CHARGEHAND_ARTIFACT";;
    esac
    while [ -e ${folder}/wait ]; do sleep 0.05; done`;
  return ["/bin/sh", "-c", script];
}

async function withStage(publish: string, body: (stage: DaemonProcess) => Promise<void>): Promise<void> {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  try {
    writeFileSync(join(stage.folder, "merged.yaml"), WORKFLOW);
    stage.configure({ argv: agent(stage.folder), workflow: "./merged.yaml", publish });
    await body(stage);
  } finally {
    rmSync(join(stage.folder, "wait"), { force: true });
    await stage.close();
  }
}

const MERGES = "{ to: branch, merge: true }";

interface Told {
  readonly commit: string;
  readonly phases: readonly {
    readonly phase: string;
    readonly cycle: number;
    readonly status: string;
    readonly verdict: string | null;
    readonly commit: string | null;
  }[];
}

async function told(stage: DaemonProcess, key: string): Promise<Told> {
  return JSON.parse(await chargehand(stage, "task", key, "--json"));
}

function walked({ phases }: Told): readonly string[] {
  return phases.map(({ phase, cycle, status, verdict }) => `${phase}#${cycle} ${status} ${verdict ?? "-"}`);
}

function commits(stage: DaemonProcess): readonly string[] {
  return stage.git(stage.remote, "log", "--format=%s", "main").trim().split("\n");
}

/** Somebody else pushes to the base. */
function othersPush(stage: DaemonProcess, file: string, text: string): void {
  const seed = join(stage.folder, "seed");
  stage.git(seed, "pull", "--quiet", "--rebase", stage.remote, "main");
  writeFileSync(join(seed, file), text);
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
    `Change ${file}`,
  );
  stage.git(seed, "push", "--quiet", stage.remote, "HEAD:main");
}

async function untilDone(stage: DaemonProcess, key: string): Promise<void> {
  await stage.until(`${key} is done`, async () => {
    const status = await statusOf(stage, key);
    assert.notEqual(status, "failed");
    return status === "done";
  });
}

test("D8: without a word of the project nothing is merged, and nothing is deployed", () =>
  withStage("branch", async (stage) => {
    await stage.start();
    await stage.label(1);
    await untilDone(stage, "SHOP-1");
    assert.deepEqual(walked(await told(stage, "SHOP-1")), ["work#1 completed -"]);
    assert.deepEqual(commits(stage), ["Begin"]);
  }));

test("D8: killed between the push to the base and its record, a daemon merges once; a bad deploy freezes until a person says so", () =>
  withStage(MERGES, async (stage) => {
    const hook = join(stage.remote, "hooks", "post-receive");
    const arrived = join(stage.folder, "arrived");
    const seen = `grep -q refs/heads/main && { touch ${arrived}; while [ -e ${stage.folder}/hold ]; do sleep 0.05; done; }`;
    writeFileSync(hook, `#!/bin/sh\n${seen}\nexit 0\n`);
    chmodSync(hook, 0o755);
    writeFileSync(join(stage.folder, "hold"), "");
    writeFileSync(join(stage.folder, "bad"), "");
    await stage.start();
    await stage.label(1);
    await stage.until("the base has it", () => existsSync(arrived));
    await stage.end("SIGKILL");
    rmSync(join(stage.folder, "hold"));
    const before = stage.git(stage.remote, "rev-parse", "main");
    await stage.start();
    await untilDone(stage, "SHOP-1");
    assert.equal(stage.git(stage.remote, "rev-parse", "main"), before);
    assert.deepEqual(commits(stage), ["SHOP-1: Issue 1", "Begin"]);
    const task = await told(stage, "SHOP-1");
    assert.deepEqual(walked(task), [
      "work#1 completed -",
      "merge#1 completed merged",
      "deploy#1 completed DEGRADED",
    ]);
    assert.equal(task.phases[1]?.commit, before.trim());
    assert.equal(task.commit, before.trim(), "the work is still what it has published");

    await stage.label(2);
    await stage.until("SHOP-2 is known", async () => (await statusOf(stage, "SHOP-2")) === "active");
    const [why] = (await explain(stage, "SHOP-2")).reasons;
    assert.match(why?.sentence ?? "", /frozen by SHOP-1, phase deploy/);
    rmSync(join(stage.folder, "bad"));
    await chargehand(stage, "unfreeze", "shop", "--because", "rolled back");
    await untilDone(stage, "SHOP-2");
    assert.deepEqual(commits(stage), ["SHOP-2: Issue 2", "SHOP-1: Issue 1", "Begin"]);
  }));

test("D8: a base that has moved gets a merge commit, and what does not fit goes back to be joined", () =>
  withStage(MERGES, async (stage) => {
    writeFileSync(join(stage.folder, "wait"), "");
    await stage.start();
    await stage.label(1);
    await stage.until("its agent works", () => existsSync(join(stage.folder, "journal")));
    othersPush(stage, "other.txt", "more\n");
    rmSync(join(stage.folder, "wait"));
    await untilDone(stage, "SHOP-1");
    assert.deepEqual(commits(stage).toSorted(), [
      "Begin",
      "Change other.txt",
      "Merge SHOP-1: Issue 1",
      "SHOP-1: Issue 1",
    ]);

    writeFileSync(join(stage.folder, "wait"), "");
    rmSync(join(stage.folder, "journal"));
    await stage.label(2);
    await stage.until("its agent works", () => existsSync(join(stage.folder, "journal")));
    othersPush(stage, "README.md", "# Shop\n\ntheirs\n");
    rmSync(join(stage.folder, "wait"));
    await untilDone(stage, "SHOP-2");
    const ways = [
      "work#1 completed -",
      "merge#1 completed conflict",
      "work#2 completed -",
      "merge#2 completed merged",
    ];
    assert.deepEqual(walked(await told(stage, "SHOP-2")), [...ways, "deploy#1 completed HEALTHY"]);
    assert.equal(stage.git(stage.remote, "show", "main:README.md"), "# Shop\n\nours and theirs\n");
  }));
