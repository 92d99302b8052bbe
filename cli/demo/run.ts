/** The demo itself: sends the deliveries, watches the runs over the API, and tells what happens. */

import type { Daemon } from "../../daemon/main.ts";
import type { StatusAnswer } from "../../handlers/api/status.ts";
import type { RunAnswer } from "../../handlers/api/views/run.ts";
import type { TaskAnswer } from "../../handlers/api/views/task.ts";
import { lightHttp } from "../../system/light-http.ts";
import { counted, dollars } from "../phrases.ts";
import { commitSubject, leavePlace } from "../stage/place.ts";
import { type Stage, startStage } from "../stage/stage.ts";
import { type DemoOptions, keepUntilInterrupted, wallsLine } from "./keeping.ts";
import { type Recorded, recordedDeliveries, type Scene, setScene } from "./scene.ts";

const GIVE_UP_MS = 60_000;
const LOOK_MS = 150;

export interface DemoReport {
  readonly deliveries: readonly { readonly source: string; readonly id: number; readonly status: string }[];
  readonly tasks: readonly Pick<TaskAnswer, "key" | "status" | "branch" | "commit">[];
  readonly runs: readonly Pick<
    RunAnswer,
    "pid" | "exit_code" | "model" | "input_tokens" | "output_tokens" | "cost_usd"
  >[];
}

interface DemoResult {
  readonly report: DemoReport;
  readonly failure: string | null;
}

/** However it ends, nothing of it is left behind. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const scene = await setScene();
  try {
    return await play(scene, options);
  } finally {
    await leavePlace(scene);
  }
}

async function play(scene: Scene, options: DemoOptions): Promise<DemoResult> {
  const { say } = options;
  const stage = await startStage(scene.config);
  const { daemon } = stage;
  say(`Chargehand demo in ${scene.folder}`);
  say(`  webhooks ${daemon.webhooksUrl}   admin ${daemon.adminUrl}`);
  try {
    const { isolation } = await stage.get<StatusAnswer>("/status");
    say(`  ${wallsLine(isolation)}`);
    say("  The agent is scripted: no model is called, nothing is spent.\n");
    const deliveries = await send(daemon, await recordedDeliveries(), say);
    const failure = await watch(stage, options);
    const report = await gather(stage, deliveries);
    await summary(report, scene, say);
    if (options.keep && failure === null) {
      const key = report.tasks[0]?.key ?? "";
      const tries = ["status", "tasks", `task ${key}`, `explain ${key}`, `logs ${key}`, "runs", "deliveries"];
      await keepUntilInterrupted(daemon, scene, tries, options);
    }
    return { report, failure };
  } finally {
    await daemon.stop();
  }
}

async function send(
  daemon: Daemon,
  recorded: readonly Recorded[],
  say: (line: string) => void,
): Promise<DemoReport["deliveries"]> {
  const answers = [];
  const http = lightHttp();
  for (const { source, label, headers, body } of recorded) {
    const result = await http.request("demo", {
      method: "POST",
      url: `${daemon.webhooksUrl}/webhooks/${source}`,
      headers,
      body,
    });
    if (result.kind === "unreachable") throw new Error(result.reason);
    const answer = JSON.parse(result.response.body) as { status: string; delivery: number };
    say(
      `delivery  ${source.padEnd(7)} ${label.padEnd(15)} → ${result.response.status} ${answer.status} (#${answer.delivery})`,
    );
    answers.push({ source, id: answer.delivery, status: answer.status });
  }
  say("");
  return answers;
}

/** Follows tasks and runs until all tasks are over; answers why it gave up, or `null`. */
async function watch(stage: Stage, { say, clock, interrupted }: DemoOptions): Promise<string | null> {
  const told = new Map<string, string>();
  const tell = (id: string, line: string): void => {
    if (told.get(id) === line) return;
    told.set(id, line);
    say(line);
  };
  const began = clock.monotonic();
  while (clock.monotonic() - began < GIVE_UP_MS) {
    const tasks = await stage.get<{ tasks: TaskAnswer[] }>("/tasks");
    const runs = await stage.get<{ runs: RunAnswer[] }>("/runs");
    for (const task of tasks.tasks.toReversed())
      tell(task.key, `task      ${task.key.padEnd(8)} ${task.status.padEnd(7)} ${task.title}`);
    for (const run of runs.runs.toReversed()) tell(run.id, runLine(run));
    if (
      tasks.tasks.length === 2 &&
      tasks.tasks.every(({ status }) => ["done", "failed", "cancelled"].includes(status))
    ) {
      const failed = tasks.tasks.find(({ status }) => status !== "done");
      return failed === undefined ? null : `${failed.key} is ${failed.status}: ${failed.reason}`;
    }
    await clock.sleep(LOOK_MS, interrupted);
    if (interrupted.aborted) return "it was interrupted";
  }
  return `the tasks were not over after ${GIVE_UP_MS / 1_000} s`;
}

function runLine(run: RunAnswer): string {
  const tokens = `${run.input_tokens} in / ${run.output_tokens} out`;
  return `run       ${run.task.padEnd(8)} ${run.status.padEnd(9)} pid ${run.pid ?? "–"}  ${tokens}  ${dollars(run.cost_usd, "unpriced")}`;
}

async function gather(stage: Stage, deliveries: DemoReport["deliveries"]): Promise<DemoReport> {
  const { tasks } = await stage.get<{ tasks: TaskAnswer[] }>("/tasks");
  const { runs } = await stage.get<{ runs: RunAnswer[] }>("/runs");
  return {
    deliveries,
    tasks: tasks.map(({ key, status, branch, commit }) => ({ key, status, branch, commit })),
    runs: runs.map(({ pid, exit_code, model, input_tokens, output_tokens, cost_usd }) => ({
      pid,
      exit_code,
      model,
      input_tokens,
      output_tokens,
      cost_usd,
    })),
  };
}

async function summary(report: DemoReport, scene: Scene, say: (line: string) => void): Promise<void> {
  const [accepted = 0, duplicate = 0] = ["accepted", "duplicate"].map(
    (status) => report.deliveries.filter((d) => d.status === status).length,
  );
  say(
    `\n${counted(report.deliveries.length, "delivery", "deliveries")}: ${accepted} accepted, ${duplicate} duplicate`,
  );
  for (const { key, status, branch, commit } of report.tasks) {
    const subject = branch === null ? null : await commitSubject(scene.remote, branch);
    say(
      `${key} ${status}: ${commit?.slice(0, 10) ?? "no commit"} on ${branch ?? "no branch"}${subject === null ? "" : ` “${subject}”`}`,
    );
  }
  const cost = report.runs.reduce((sum, run) => sum + (run.cost_usd ?? 0), 0);
  const processes = counted(report.runs.length, "agent process", "agent processes");
  say(`${processes}, ${dollars(cost)} (reported by the scripted agent, not spent)`);
}
