/** `chargehand task KEY`: one task closely, with its jobs and runs. */

import type { Command } from "commander";
import {
  revisionsShape,
  snapshotsShape,
  type ToldCheck,
  type ToldJob,
  type ToldPhase,
  type ToldRevisions,
  type ToldSnapshots,
  type ToldTask,
  taskShape,
} from "../answers/tasks.ts";
import { type Client, segment } from "../client.ts";
import type { Answer } from "../outcome.ts";
import { ago, count, counted, dollars, plain, span } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";
import { renderFields, renderTable, type Screen } from "../table.ts";
import { whyWaiting } from "../tables/job-table.ts";
import { runTable } from "../tables/run-table.ts";

export function taskCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("task <key>").description("show one task with its jobs and runs"))
    .option("--snapshots", "how it stood at the end of each phase instead")
    .option("--revisions", "how its text read before somebody changed it instead")
    .action(async (key: string, { snapshots, revisions, ...options }: TaskOptions) => {
      const path = `/tasks/${segment(key)}`;
      if (snapshots) {
        const ask = (client: Client): Promise<Answer<unknown>> => client.get(`${path}/snapshots`);
        return show(ports, options, snapshotsShape, ask, renderSnapshots);
      }
      if (revisions) {
        const ask = (client: Client): Promise<Answer<unknown>> => client.get(`${path}/revisions`);
        return show(ports, options, revisionsShape, ask, renderRevisions);
      }
      return show(ports, options, taskShape, (client) => client.get(path), renderTask);
    });
}

interface TaskOptions extends AskOptions {
  readonly snapshots?: boolean;
  readonly revisions?: boolean;
}

function renderSnapshots({ task, snapshots }: ToldSnapshots, screen: Screen): string {
  if (snapshots.length === 0) return `No phase of ${plain(task)} has ended yet.\n`;
  const columns = [
    { head: "PHASE" },
    { head: "CYCLE" },
    { head: "STATUS" },
    { head: "VERDICT" },
    { head: "ARTIFACT" },
    { head: "COMMIT" },
    { head: "SESSION", flexible: true, spare: true },
    { head: "TURNS", spare: true },
    { head: "RUN", spare: true },
    { head: "RUNS" },
    { head: "TOKENS" },
    { head: "COST" },
    { head: "ENDED" },
  ];
  const rows = snapshots.map((one) => [
    one.phase,
    String(one.cycle),
    one.status,
    one.verdict ?? "–",
    one.artifacts[one.phase]?.slice(0, 12) ?? "–",
    one.commit?.slice(0, 12) ?? "–",
    one.session_id ?? "–",
    one.session_turns === 0 ? "–" : String(one.session_turns),
    one.run ?? "–",
    String(one.runs),
    count(one.input_tokens + one.output_tokens),
    dollars(one.cost_usd),
    ago(one.at, screen.now),
  ]);
  return renderTable(columns, rows, screen);
}

/** Newest first, each with its whole text: people compare them. */
function renderRevisions({ task, revisions }: ToldRevisions, screen: Screen): string {
  if (revisions.length === 0) return `Nobody has changed the text of ${plain(task)}.\n`;
  const told = revisions.map((one) => {
    const until = `${one.number}, until ${ago(one.replaced_at, screen.now)}, when ${plain(one.replaced_by)} changed it`;
    const body = one.body.split("\n").map((line) => `  ${plain(line)}`);
    return [until, `  ${plain(one.title)}`, "", ...body, ""].join("\n");
  });
  return told.join("\n");
}

function renderTask(task: ToldTask, screen: Screen): string {
  const { now } = screen;
  const fields = renderFields(
    [
      [task.key, task.title],
      ["status", task.status],
      ["reason", task.reason],
      ["asks", asksOf(task)],
      ["project", task.project],
      ["agent", task.agent],
      ["needs", task.depends_on.map(({ key, status }) => `${key} (${status})`).join(", ")],
      ["follows", task.follows],
      ["followed by", task.followed_by],
      ["branch", task.branch],
      ["pull request", pullOf(task)],
      ["commit", madeOf(task)],
      ["url", task.url],
      ["author", task.author],
      ["created", ago(task.created_at, now)],
      ["changed", ago(task.updated_at, now)],
      ["your time", waited(task.waited.people_s)],
      ["CI's time", waited(task.waited.ci_s)],
    ],
    screen,
  );
  // A task of one phase has nothing to tell of it that its status does not.
  const phases =
    task.phases.length < 2 && task.approvals.length === 0 ? "" : `\n${phaseTable(task.phases, screen)}`;
  const jobs = task.jobs.length === 0 ? "" : `\n${jobTable(task.jobs, screen)}`;
  const runs =
    task.runs.length === 0 ? "\nNo agent has worked on it yet.\n" : `\n${runTable(task.runs, screen)}`;
  return fields + phases + checkTable(task.checks, screen) + jobs + runs;
}

/** How long it has waited for whom; nothing where it never has. */
function waited(seconds: number): string | null {
  return seconds === 0 ? null : span(seconds * 1_000);
}

/** What waits for an answer, and how it is given. */
function asksOf({ key, questions }: ToldTask): string | null {
  const open = questions.find(({ status }) => status === "open");
  return open === undefined ? null : `${open.title ?? open.reason} (chargehand questions ${key})`;
}

/** `open, a draft: https://…`. */
function pullOf({ pull_request: pull }: ToldTask): string | null {
  if (pull == null) return null;
  return `${pull.status}${pull.status === "open" && pull.is_draft ? ", a draft" : ""}: ${pull.url}`;
}

/** `c0ffee (3 files)`. */
function madeOf({ commit, files }: ToldTask): string | null {
  if (!commit) return null;
  return typeof files === "number" ? `${commit} (${counted(files, "file", "files")})` : commit;
}

function phaseTable(phases: readonly ToldPhase[], screen: Screen): string {
  const columns = [
    { head: "PHASE" },
    { head: "CYCLE" },
    { head: "ROLE", spare: true },
    { head: "AGENT", spare: true },
    { head: "STATUS" },
    { head: "VERDICT" },
    { head: "SUMMARY", flexible: true },
    { head: "SINCE" },
  ];
  const rows = phases.map((phase) => [
    phase.phase,
    String(phase.cycle),
    phase.role,
    phase.agent,
    phase.status,
    phase.verdict ?? "–",
    phase.trouble ?? phase.summary ?? "–",
    ago(phase.finished_at ?? phase.entered_at, screen.now),
  ]);
  return renderTable(columns, rows, screen);
}

/** What CI has said of the commit that the task waits for, or has waited for last. */
function checkTable(checks: readonly ToldCheck[], screen: Screen): string {
  if (checks.length === 0) return "";
  const columns = [
    { head: "CHECK" },
    { head: "STATUS" },
    { head: "COMMIT", spare: true },
    { head: "SUMMARY", flexible: true },
    { head: "SINCE" },
  ];
  const rows = checks.map((check) => [
    check.name,
    check.status,
    check.commit.slice(0, 12),
    check.summary ?? check.url ?? "–",
    ago(check.at, screen.now),
  ]);
  return `\n${renderTable(columns, rows, screen)}`;
}

function jobTable(jobs: readonly ToldJob[], screen: Screen): string {
  const columns = [
    { head: "JOB" },
    { head: "PHASE" },
    { head: "AGENT" },
    { head: "STATUS" },
    { head: "WHY", flexible: true },
  ];
  const rows = jobs.map((job) => [
    String(job.id),
    job.phase,
    job.agent,
    job.status,
    whyWaiting(job, screen.now),
  ]);
  return renderTable(columns, rows, screen);
}
