/**
 * A dry run of a workflow: the real daemon in a place of its own, with a scripted agent, and nobody who is asked.
 * Nothing of the user's is touched, and nothing is left behind.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../daemon/config/config.ts";
import type { WholeTaskAnswer } from "../../handlers/api/views/task.ts";
import type { Clock } from "../../system/clock.ts";
import { partsOf, type Workflow, workflowFor } from "../../workflow/workflow.ts";
import { leavePlace, makePlace } from "../stage/place.ts";
import type { Playbook } from "../stage/playbook.ts";
import { type Stage, scriptedAgent, startStage } from "../stage/stage.ts";
import { type Sight, type WalkEnd, walk } from "../stage/walk.ts";

const PATIENCE_MS = 60_000;
const LIMIT_MS = 24 * 60 * 60_000;
const SEED = { "README.md": "# Tried\n\nA scratch repository for a dry run.\n" };
const TASK = {
  project: "tried",
  title: "Try the workflow",
  body: "Nothing is asked for: this is a dry run.",
};

export interface TryOptions {
  readonly workflow: Workflow;
  readonly playbook: Playbook;
  /** Whether commands that prove work are run. */
  readonly checks: boolean;
  readonly clock: Clock;
  /** Aborts at Ctrl-C. */
  readonly interrupted: AbortSignal;
  look(sight: Sight): void;
}

export interface Tried {
  readonly end: WalkEnd;
  /** What each run's agent was told, oldest first. */
  readonly prompts: readonly { readonly run: string; readonly phase: string; readonly text: string }[];
}

export async function tryWorkflow(options: TryOptions): Promise<Tried> {
  const { workflow, playbook, checks, clock, interrupted } = options;
  const place = await makePlace("try", SEED);
  try {
    const book = join(place.folder, "playbook");
    await mkdir(book);
    await writeFile(join(book, "playbook.json"), JSON.stringify(playbook));
    const file = join(place.folder, "chargehand.yaml");
    await writeFile(file, configText(place.folder, place.remote, book));
    const stage = await startStage(file, (config) =>
      withWorkflow(config, checks ? workflow : unchecked(workflow)),
    );
    try {
      const { key } = await stage.post<WholeTaskAnswer>("/tasks", TASK);
      const look = async (sight: Sight): Promise<void> => {
        options.look(sight);
        await answer(stage, workflow, sight.task);
      };
      const times = { patienceMs: PATIENCE_MS, limitMs: LIMIT_MS };
      const end = await walk({ stage, task: key, clock, interrupted, look, ...times });
      const prompts = await Promise.all(
        end.task.runs.toReversed().map(async ({ id, phase }) => {
          return {
            run: id,
            phase,
            text: await readFile(join(place.folder, "data/runs", id, "prompt.md"), "utf8"),
          };
        }),
      );
      return { end, prompts };
    } finally {
      await stage.daemon.stop();
    }
  } finally {
    await leavePlace(place);
  }
}

function configText(folder: string, remote: string, book: string): string {
  const agent = scriptedAgent(join(book, "playbook.json"));
  return `data_dir: ${JSON.stringify(join(folder, "data"))}
server:
  webhooks: { host: 127.0.0.1, port: 0 }
  admin: { host: 127.0.0.1, port: 0 }
agents:
  scripted: { backend: command, argv: ${agent}, prompt: stdin, mounts: [{ path: ${JSON.stringify(book)} }] }
projects:
  - name: tried
    prefix: TRY
    clone_url: ${JSON.stringify(remote)}
    agent: scripted
    publish: { to: branch, merge: true }
    budget: { task_runs: 100000 }
`;
}

/** Phases that are there only where a project merges are tried, too. */
function withWorkflow(config: Config, workflow: Workflow): Config {
  const whole = workflowFor(workflow, { merge: true });
  return { ...config, projects: config.projects.map((project) => ({ ...project, workflow: whole })) };
}

function unchecked(workflow: Workflow): Workflow {
  const [first, ...rest] = workflow.phases;
  const strip = (phase: typeof first): typeof first => ({ ...phase, checks: [] });
  return { ...workflow, phases: [strip(first), ...rest.map(strip)] };
}

/** A yes to everything: of as many people as a gate wants, and of CI. */
async function answer(stage: Stage, workflow: Workflow, task: WholeTaskAnswer): Promise<void> {
  const path = `/tasks/${task.key}`;
  const asked = task.approvals.findLast(({ status }) => status === "pending");
  if (asked !== undefined) {
    const gate = workflow.phases.find(({ key }) => key === asked.phase)?.gate ?? { kind: "none" };
    const people = partsOf(gate).approval?.approvers ?? [];
    const next = people.find((name) => !asked.votes.includes(name)) ?? `person-${asked.votes.length + 1}`;
    await stage.post(`${path}/approve`, { by: next });
    // Where one yes is enough, nothing else is waited for any more.
    return;
  }
  const waits = task.ci.findLast(({ status }) => status === "pending");
  if (waits !== undefined && waits.commit !== null) {
    const gate = workflow.phases.find(({ key }) => key === waits.phase)?.gate ?? { kind: "none" };
    const { required = [] } = partsOf(gate).ci ?? {};
    const names = required.length === 0 ? ["tried"] : required;
    const checks = names.map((name) => ({ name, status: "success" }));
    await stage.post(`${path}/ci`, { by: "ci", commit: waits.commit, checks });
  }
}
