/** A task walks through the phases of a workflow file with a real daemon, real agents and the real command line. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chargehand, chargehandEnds, explain, statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const REFUSED = 5;

const WORKFLOW = `
name: careful
description: A plan that somebody approves, work, and a review that may send it back.
phases:
  - key: plan
    role: planner
    instructions: Plan it.
    artifact:
      path: plan.json
      schema:
        type: object
        properties: { verdict: { enum: [small, large] }, steps: { type: integer } }
        required: [verdict, steps]
        additionalProperties: false
    gate: approval
  - key: work
    role: developer
    instructions: |
      Do what was planned, in {{ artifacts.plan.steps }} steps.
  - key: review
    role: reviewer
    instructions: Look at what was done.
    artifact:
      path: review.json
      schema: { type: object, properties: { verdict: { enum: [approved, changes_requested] } }, required: [verdict] }
    on: { changes_requested: work }
    max_cycles: 2
`;

/** Plans wrongly first, then small, and large when it is told so; its first review wants changes. */
function agent(folder: string): readonly string[] {
  const script = `
    prompt=$(cat)
    printf '%s' "$prompt" > ${folder}/prompt-$CHARGEHAND_PHASE
    echo "$CHARGEHAND_PHASE" >> ${folder}/journal
    count=$(grep -c "^$CHARGEHAND_PHASE$" ${folder}/journal)
    case $CHARGEHAND_PHASE in
      plan)
        size=small
        case "$prompt" in *"think bigger"*) size=large;; esac
        if [ "$count" = 1 ]; then printf '{"verdict":"tiny"}' > "$CHARGEHAND_ARTIFACT"
        else printf '{"verdict":"%s","steps":%s}' $size $count > "$CHARGEHAND_ARTIFACT"; fi;;
      work) echo "worked $count" >> work.txt;;
      review)
        verdict=approved
        [ "$count" = 1 ] && verdict=changes_requested
        printf '{"verdict":"%s"}' $verdict > "$CHARGEHAND_ARTIFACT";;
    esac`;
  return ["/bin/sh", "-c", script];
}

function prompt(stage: DaemonProcess, phase: string): string {
  return readFileSync(join(stage.folder, `prompt-${phase}`), "utf8");
}

async function untilStatus(stage: DaemonProcess, status: string): Promise<void> {
  await stage.until(`SHOP-1 is ${status}`, async () => (await statusOf(stage, "SHOP-1")) === status);
}

interface Told {
  readonly branch: string;
  readonly phases: readonly { readonly phase: string; readonly cycle: number; readonly status: string }[];
  readonly runs: readonly { readonly failure_class: string | null }[];
}

async function told(stage: DaemonProcess): Promise<Told> {
  return JSON.parse(await chargehand(stage, "task", "SHOP-1", "--json"));
}

test("A5, D4, D6, G4: a plan is repaired, rejected, approved over a restart, worked on, reviewed twice, and published", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  try {
    writeFileSync(join(stage.folder, "careful.yaml"), WORKFLOW);
    stage.configure({ argv: agent(stage.folder), workflow: "./careful.yaml" });
    await stage.start();
    await stage.label(1);
    await untilStatus(stage, "blocked");
    assert.match(prompt(stage, "plan"), /Trouble[\s\S]*must have required property|Trouble[\s\S]*steps/);
    assert.deepEqual((await told(stage)).runs.map((run) => run.failure_class).toReversed(), [
      "artifact",
      null,
    ]);
    const [why] = (await explain(stage, "SHOP-1")).reasons;
    assert.match(
      why?.sentence ?? "",
      /^SHOP-1 waits for somebody to say whether its phase plan is good \(artifact /,
    );
    assert.match(await chargehand(stage, "artifacts", "SHOP-1", "--text"), /"verdict":"small","steps":2/);
    assert.match(
      await chargehand(stage, "artifacts", "SHOP-1", "--diff"),
      /refused: .*steps[\s\S]*\n- \{"verdict":"tiny"\}\n\+ \{"verdict":"small","steps":2\}/,
    );

    await chargehand(stage, "reject", "SHOP-1", "--because", "think bigger");
    await stage.until("it is asked again", async () => {
      const { phases } = await told(stage);
      return phases.at(-1)?.cycle === 2 && phases.at(-1)?.status === "gated";
    });
    assert.match(prompt(stage, "plan"), /Feedback of .*\n\nthink bigger/);
    // The newest stands first.
    const kept = await chargehand(stage, "artifacts", "SHOP-1", "--json");
    const before = [...kept.matchAll(/"sha256":\s*"([0-9a-f]{64})"/g)].at(-1)?.[1];
    const stale = await chargehandEnds(stage, "approve", "SHOP-1", "--artifact", before ?? "");
    assert.equal(stale.code, REFUSED, "what was approved is not what there is by now");
    assert.match(
      await chargehand(stage, "artifacts", "SHOP-1", "--diff"),
      /\+ \{"verdict":"large","steps":3\}/,
    );

    await stage.end("SIGKILL");
    await stage.start();
    assert.equal(await statusOf(stage, "SHOP-1"), "blocked");
    assert.match(await chargehand(stage, "say", "SHOP-1", "use tabs"), /^Written down/);
    assert.match(
      await chargehand(stage, "approve", "SHOP-1"),
      /^Phase plan of SHOP-1 is approved\. It goes on with phase work/,
    );
    await untilStatus(stage, "done");
    assert.match(prompt(stage, "work"), /Do what was planned, in 3 steps\./);
    assert.equal((await chargehandEnds(stage, "approve", "SHOP-1")).code, REFUSED);

    const { phases, branch } = await told(stage);
    assert.deepEqual(
      phases.map(({ phase, cycle, status }) => `${phase}#${cycle} ${status}`),
      [
        ...["plan#1 failed", "plan#2 completed", "work#1 completed", "review#1 completed"],
        ...["work#2 completed", "review#2 completed"],
      ],
    );
    assert.equal(stage.git(stage.remote, "show", `${branch}:work.txt`), "worked 1\nworked 2\n");
    const journal = readFileSync(join(stage.folder, "journal"), "utf8").trim().split("\n");
    assert.deepEqual(journal, ["plan", "plan", "plan", "work", "review", "work", "review"]);
  } finally {
    await stage.close();
  }
});

test("D4: a failed check is told to the agent with what it printed, and repaired; what passes is published", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const script = `
    prompt=$(cat)
    printf '%s' "$prompt" > ${stage.folder}/prompt-work
    case "$prompt" in *"nobody has written it"*) echo done > fixed.txt;; *) echo begun > other.txt;; esac`;
  const file = `
name: checked
description: Work that has to pass.
phases:
  - key: work
    role: developer
    instructions: Do it.
    checks:
      - run: test -e other.txt
      - run: test -e fixed.txt || { echo "fixed.txt - nobody has written it"; exit 3; }
        timeout: 1m
`;
  try {
    writeFileSync(join(stage.folder, "checked.yaml"), file);
    stage.configure({ argv: ["/bin/sh", "-c", script], workflow: "./checked.yaml" });
    await stage.start();
    await stage.label(1);
    await untilStatus(stage, "done");
    const { branch, runs } = await told(stage);
    assert.deepEqual(runs.map((run) => run.failure_class).toReversed(), ["check", null]);
    assert.match(
      prompt(stage, "work"),
      /## Trouble[\s\S]*exit code 3|## Trouble[\s\S]*nobody has written it/,
    );
    assert.equal(stage.git(stage.remote, "show", `${branch}:fixed.txt`), "done\n");
  } finally {
    await stage.close();
  }
});

test("D1: a task stays with the workflow that it began with, and a bad edit keeps the last good one", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const file = join(stage.folder, "careful.yaml");
  try {
    writeFileSync(file, WORKFLOW);
    stage.configure({ argv: agent(stage.folder), workflow: "./careful.yaml" });
    await stage.start();
    await stage.label(1);
    await untilStatus(stage, "blocked");
    writeFileSync(file, WORKFLOW.replace("gate: approval", "gaet: approval"));
    process.kill(stage.pid, "SIGHUP");
    await stage.until("the bad edit is told", () => stage.log.includes("config.kept"));
    assert.match(stage.log, /careful\.yaml:\d+:\d+: phases\[0\]\.gaet: .*gate/);
    writeFileSync(
      file,
      "name: quick\ndescription: Only this.\nphases:\n  - { key: only, role: developer, instructions: Do it. }\n",
    );
    process.kill(stage.pid, "SIGHUP");
    await stage.until("the good one is in force", () => stage.log.includes("config.reloaded"));
    await stage.label(2);
    await stage.until("SHOP-2 is done", async () => (await statusOf(stage, "SHOP-2")) === "done");
    assert.ok(existsSync(join(stage.folder, "prompt-only")));
    await chargehand(stage, "approve", "SHOP-1");
    await untilStatus(stage, "done");
    assert.deepEqual(
      (await told(stage)).phases.map(({ phase }) => phase),
      ["plan", "work", "review", "work", "review"],
    );
  } finally {
    await stage.close();
  }
});
