/** What is shown in a chat: the answers of the API in a few lines. */

import type { Line } from "../../../chats/chat.ts";
import type { BudgetAnswer } from "../../api/budgets.ts";
import type { ExplanationAnswer } from "../../api/explain.ts";
import type { ScheduleAnswer } from "../../api/schedules/view.ts";
import type { StatusAnswer } from "../../api/status.ts";
import type { RunAnswer } from "../../api/views/run.ts";
import type { TaskAnswer, WholeTaskAnswer } from "../../api/views/task.ts";
import { type Answered, type Api, segment } from "../api.ts";
import { fenced, inChat, line, pieces, refused, told, words } from "../told.ts";
import { COMMANDS, usageOf } from "../words.ts";
import { type Acts, isTask, tell } from "./hand.ts";
import { concerns } from "./within.ts";

type Shows = "log" | "explain" | "task" | "tasks" | "status" | "budget" | "schedule" | "help";

const LOG_LINES = 20;
/** Of the end of a log: lines of agents are long. */
const LOG_BYTES = 32_768;
const TASKS_SHOWN = 15;
const ROWS_SHOWN = 20;

export const SHOWS: Acts<Shows> = {
  log: async ({ api }, { key }) => {
    const runs = await api.get<{ runs: readonly RunAnswer[] }>(`/runs?task=${segment(key)}&limit=1`);
    if (runs.kind === "refused") return refused(runs.reason, key);
    const [run] = runs.value.runs;
    if (run === undefined) return refused(`no agent has worked on ${key}`, key);
    const log = await api.text(`/runs/${segment(run.id)}/log?tail=${LOG_BYTES}`);
    return tell(log, key, (text) => {
      const head = line(`${key}: the end of what ${run.agent} has printed in phase ${run.phase}`, "bold");
      return told([head, ...(text === "" ? [line("nothing yet", "quiet")] : fenced(text, LOG_LINES))], key);
    });
  },
  explain: async ({ api }, { key }) => {
    const asked = await api.get<ExplanationAnswer>(`/tasks/${segment(key)}/explain`);
    return tell(asked, key, ({ task, status, reasons }) =>
      told([line(`${task} is ${status}`, "bold"), ...reasons.flatMap(reasonLines)], task),
    );
  },
  task: async ({ api }, { key }) => {
    const asked = await api.get<WholeTaskAnswer>(`/tasks/${segment(key)}`);
    return tell(asked, key, (task) => told(taskLines(task), task.key));
  },
  tasks: async ({ api, within }, { what }) => {
    const asked = await newest(api, what === null ? (within ?? [null]) : [what]);
    return tell(asked, null, (tasks) =>
      told(tasks.length === 0 ? [line("There is no task.")] : tasks.map(taskLine), null),
    );
  },
  status: async ({ api, within }) => {
    const asked = await api.get<StatusAnswer>("/status");
    return tell(asked, null, (status) =>
      told(within === null ? statusLines(status) : statusLinesOf(within, status), null),
    );
  },
  budget: async (hand, { what }) => {
    const of = what === null ? "" : `?${isTask(what, hand) ? "task" : "project"}=${segment(what)}`;
    const asked = await hand.api.get<{ budgets: readonly BudgetAnswer[] }>(`/budgets${of}`);
    return tell(asked, null, ({ budgets }) => {
      const shown = budgets.filter(({ project }) => hand.within?.includes(project) ?? true);
      return told(
        shown.length === 0 ? [line("There is no budget.")] : shown.slice(0, ROWS_SHOWN).map(budgetLine),
        null,
      );
    });
  },
  schedule: async ({ api, within }, { what }) => {
    const asked = await api.get<{ schedules: readonly ScheduleAnswer[] }>("/schedules");
    return tell(asked, null, ({ schedules }) => {
      const ours = schedules.filter((one) => concerns(within, one));
      const shown = what === null ? ours : ours.filter(({ name }) => name === what);
      if (shown.length === 0)
        return refused(what === null ? NO_SCHEDULE : `there is no schedule ${what}`, null);
      return told(shown.slice(0, ROWS_SHOWN).map(scheduleLine), null);
    });
  },
  help: async () => {
    const all = Object.entries(COMMANDS).map(([name, { does }]) =>
      pieces(words(usageOf(name), "code"), { text: ` ${does}` }),
    );
    return told([line("Answer a message of a task to tell it something, or:", "bold"), ...all], null);
  },
};

/** Of each of the projects, or of all where none is named. */
async function newest(
  api: Api,
  projects: readonly (string | null)[],
): Promise<Answered<readonly TaskAnswer[]>> {
  const found: TaskAnswer[] = [];
  for (const project of projects) {
    const of = project === null ? "" : `&project=${segment(project)}`;
    const asked = await api.get<{ tasks: readonly TaskAnswer[] }>(`/tasks?limit=${TASKS_SHOWN}${of}`);
    if (asked.kind === "refused") return asked;
    found.push(...asked.value.tasks);
  }
  const byAge = projects.length === 1 ? found : found.toSorted((a, b) => madeAt(b) - madeAt(a));
  return { kind: "ok", value: byAge.slice(0, TASKS_SHOWN) };
}

function madeAt({ created_at: at }: TaskAnswer): number {
  return Date.parse(at);
}

const NO_SCHEDULE = "there is no schedule; work may start at any time";

function reasonLines({ sentence, until, remedy }: ExplanationAnswer["reasons"][number]): readonly Line[] {
  const end = until === null ? [] : [{ text: " until " }, timeOf(until)];
  const help = remedy === null ? [] : [line(inChat(remedy), "quiet")];
  return [pieces(words(sentence), ...end), ...help];
}

function timeOf(iso: string) {
  return { time: Date.parse(iso), as: "at" } as const;
}

function taskLine({ key, title, status }: TaskAnswer): Line {
  return pieces(words(key, "code"), words(` ${status} `, "quiet"), words(title));
}

function taskLines(task: WholeTaskAnswer): readonly Line[] {
  const { key, title, url, status, reason, phases, runs, branch } = task;
  const cost = runs.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0);
  const head = url === null ? words(title, "bold") : { text: words(title).text, href: url };
  return [
    pieces(words(`${key} `, "code"), head),
    line(reason === null ? status : `${status}: ${inChat(reason)}`),
    ...phases.map(({ phase, status: stands, agent }) => line(`${phase}: ${stands} (${agent})`)),
    ...(branch === null ? [] : [pieces({ text: "branch " }, words(branch, "code"))]),
    line(`${runs.length} runs, ${dollars(cost)}`, "quiet"),
  ];
}

function statusLines(status: StatusAnswer): readonly Line[] {
  const { tasks, running, kept, spend_today_usd: spend } = status;
  const counts = Object.entries(tasks).filter(([, count]) => count > 0);
  return [
    line(`${running.length} at work, ${dollars(spend)} today`, "bold"),
    line(`Tasks: ${counts.map(([name, count]) => `${count} ${name}`).join(", ") || "none"}`),
    ...standingLines(status),
    ...(kept === 0 ? [] : [line(`${kept} works are kept, because they could not be published`)]),
  ];
}

/** Counts and sums are of all projects, and so are holds on what they share: none of it is told. */
function statusLinesOf(within: readonly string[], status: StatusAnswer): readonly Line[] {
  const running = status.running.filter(({ project }) => within.includes(project));
  const projects = status.projects.filter(({ name }) => within.includes(name));
  const holds = status.wide_holds.filter(
    ({ scope, subject }) => scope === "all" || (scope === "project" && within.includes(subject)),
  );
  const head = line(`${running.length} at work`, "bold");
  return [head, ...standingLines({ running, projects, wide_holds: holds })];
}

function standingLines({
  running,
  projects,
  wide_holds: holds,
}: Pick<StatusAnswer, "running" | "projects" | "wide_holds">): readonly Line[] {
  const closed = projects.filter(({ open }) => !open);
  return [
    ...running
      .slice(0, ROWS_SHOWN)
      .map((run) => pieces(words(run.task, "code"), words(` ${run.phase} by ${run.agent}`))),
    ...holds.slice(0, ROWS_SHOWN).map(({ scope, subject, reason }) => {
      const what = scope === "all" ? "Everything" : `${scope} ${subject}`;
      return line(`${what} waits: ${inChat(reason)}`);
    }),
    ...closed
      .slice(0, ROWS_SHOWN)
      .map(({ name, reason }) => line(`${name} is closed${reason === null ? "" : `: ${inChat(reason)}`}`)),
  ];
}

function budgetLine({ project, task, scope, unit, amount, raised, used, status }: BudgetAnswer): Line {
  const told = (sum: number): string =>
    unit === "usd" ? dollars(sum) : `${Math.round(sum).toLocaleString("en-US")} ${unit}`;
  const left = `${told(used)} of ${told(amount + raised)}`;
  const stands = status === "open" ? "" : status === "full" ? ", no room just now" : ", used up";
  return pieces(words(task ?? project, "code"), words(` ${scope}: ${left}${stands}`));
}

function scheduleLine({ name, open, changes, enabled }: ScheduleAnswer): Line {
  const stands = enabled ? (open ? "open" : "closed") : "not enabled";
  const until = changes === null ? [] : [{ text: " until " }, timeOf(changes)];
  return pieces(words(name, "code"), words(` ${stands}`), ...until);
}

function dollars(sum: number): string {
  return `$${sum.toFixed(2)}`;
}
