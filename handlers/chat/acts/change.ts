/** What is changed from a chat: each is one request of the API. */

import type { WholeTaskAnswer } from "../../api/views/task.ts";
import { segment } from "../api.ts";
import { done, line, refused, type Told, told, withButtons } from "../told.ts";
import { type Acts, type Hand, isTask, lateLines, pathOf, tell } from "./hand.ts";
import { scheduleOutside } from "./within.ts";

type Changes =
  | "new"
  | "approve"
  | "reject"
  | "abort"
  | "say"
  | "retry"
  | "cancel"
  | "pause"
  | "resume"
  | "raise"
  | "clear"
  | "open"
  | "close"
  | "unfreeze"
  | "publish"
  | "stopall";

/** Of names that are kept with what they stand for: a message makes one task. */
const CHAT_REF = "chat";
/** Git may take minutes; whoever pressed is told something by then, and the card what comes of it. */
const PUBLISH_MS = 5_000;

export const CHANGES: Acts<Changes> = {
  new: async (hand, { project, title, body }) => {
    const ref = { kind: CHAT_REF, id: hand.asker.key ?? hand.update };
    const asked = await hand.api.post<WholeTaskAnswer>("/tasks", { project, title, body, external_ref: ref });
    return tell(asked, null, (task) => ({
      ...done(`${task.key} is made: ${task.title}`, task.key),
      isShown: false,
    }));
  },
  approve: (hand, wanted) => gate(hand, wanted, "approved"),
  reject: (hand, wanted) => gate(hand, wanted, "rejected"),
  abort: (hand, wanted) => gate(hand, wanted, "given up"),
  say: async ({ api }, { key, text }) => {
    const said = await api.post<WholeTaskAnswer>(`/tasks/${segment(key)}/say`, { text });
    return tell(said, key, (task) => ({
      ...done(
        task.key === key
          ? `${key} is told; its next run hears it.`
          : `${key} was done; ${task.key} follows it and is told.`,
        task.key,
      ),
      isShown: false,
    }));
  },
  retry: (hand, { key }) => ofTask(hand, key, "retry", {}, "begins again"),
  cancel: (hand, { key, because }) =>
    ofTask(hand, key, "cancel", because === null ? {} : { reason: because }, "is cancelled"),
  pause: async (hand, { what, forMs, because }) => {
    const until = forMs === null ? {} : { until: new Date(hand.clock.now() + forMs).toISOString() };
    const body = { ...until, ...(because !== null && { because }) };
    if (what !== null && isTask(what, hand)) return ofTask(hand, what, "pause", body, "is paused");
    const asked = await hand.api.post(what === null ? "/pause" : `${pathOf(what, hand)}/pause`, body);
    return tell(asked, null, () => done(`${whole(what)} is paused; agents at work may finish.`, null));
  },
  resume: async (hand, { what }) => {
    if (what !== null && isTask(what, hand)) return ofTask(hand, what, "resume", {}, "goes on");
    const asked = await hand.api.post(what === null ? "/resume" : `${pathOf(what, hand)}/resume`, {});
    return tell(asked, null, () => done(`${whole(what)} goes on.`, null));
  },
  raise: async (hand, { what, amount: { unit, amount, isOfDay } }) => {
    const ofOne = isTask(what, hand);
    const about = ofOne ? { task: what } : { project: what };
    const body = { ...about, [unit]: amount, ...(isOfDay && { day: true }) };
    const asked = await hand.api.post("/budgets", body);
    const added = unit === "usd" ? `$${amount}` : `${amount.toLocaleString("en-US")} ${unit}`;
    const key = ofOne ? what.toUpperCase() : null;
    return tell(asked, key, () => done(`${key ?? what} has ${added} more${isOfDay ? " today" : ""}.`, key));
  },
  clear: async ({ api }, { account }) => {
    const asked = await api.post(`/cooldowns/${segment(account)}/clear`, {});
    return tell(asked, null, () => done(`${account} is open. What waited for it goes on.`, null));
  },
  open: (hand, { name, forMs }) => override(hand, name, forMs, "open"),
  close: (hand, { name, forMs }) => override(hand, name, forMs, "closed"),
  unfreeze: async (hand, { what, because }) => {
    const project = await projectOf(hand, what);
    if (typeof project !== "string") return project;
    const body = { because: because ?? "asked in a chat" };
    const asked = await hand.api.post(`/projects/${segment(project)}/unfreeze`, body);
    return tell(asked, null, () => done(`New tasks may begin on the repository of ${project} again.`, null));
  },
  publish: async (hand, { key, which }) => {
    const name = typeof which === "number" ? await nameOfKept(hand, key, which) : which;
    if (typeof name === "object" && name !== null) return name;
    const path = `/kept/${segment(key)}/publish`;
    const asked = hand.api.post<{ branch: string }>(path, name === null ? {} : { name });
    const over = new AbortController();
    const late = hand.clock.sleep(PUBLISH_MS, over.signal).then(() => null);
    const answered = await Promise.race([asked, late]);
    over.abort();
    if (answered !== null)
      return tell(answered, key, ({ branch }) => done(`Kept work of ${key} is on ${branch}.`, key));
    // What comes of it is written down by whoever does it.
    asked.catch(() => null);
    return done(`Kept work of ${key} is being pushed; /task ${key} shows what comes of it.`, key);
  },
  stopall: async ({ api }, { isSure }) => {
    if (!isSure) {
      const sure = told([line("Pause everything, and stop every agent at work?")], null);
      return withButtons(sure, [{ label: "Stop everything", action: "stopall.yes", tone: "bad" }], "stopall");
    }
    const asked = await api.post<{ stopping: number }>("/pause", {
      stop: true,
      because: "stopped in a chat",
    });
    return tell(asked, null, ({ stopping }) => ({
      ...done(
        `Everything is paused, and ${stopping} at work stopped; sessions are kept. It goes on with: /resume`,
        null,
      ),
      isShown: false,
    }));
  },
};

async function ofTask(
  { api }: Hand,
  key: string,
  verb: string,
  body: Readonly<Record<string, unknown>>,
  now: string,
): Promise<Told> {
  const asked = await api.post<WholeTaskAnswer>(`/tasks/${segment(key)}/${verb}`, body);
  return tell(asked, key.toUpperCase(), (task) => done(`${task.key} ${now}.`, task.key));
}

async function gate(
  { api, store }: Hand,
  {
    kind,
    key,
    approval,
    because,
  }: { kind: "approve" | "reject" | "abort"; key: string; approval: number | null; because: string | null },
  now: string,
): Promise<Told> {
  const body = { ...(approval !== null && { approval }), ...(because !== null && { because }) };
  const asked = await api.post<WholeTaskAnswer>(`/tasks/${segment(key)}/${kind}`, body);
  const late = async () => {
    const all = await store.approvals.ofTask(key);
    return lateLines((approval === null ? all.at(-1) : all.find(({ id }) => id === approval))?.finishedAt);
  };
  const isOpen = ({ approvals }: WholeTaskAnswer): boolean => approvals.at(-1)?.status === "pending";
  return tell(
    asked,
    key,
    (task) =>
      kind === "approve" && isOpen(task)
        ? done(`${key} has your yes, and asks for more of them.`, key)
        : done(`${key} is ${now}.`, key),
    late,
  );
}

async function override(
  hand: Hand,
  name: string,
  forMs: number | null,
  verdict: "open" | "closed",
): Promise<Told> {
  const { api, projects } = hand;
  const body = { verdict, ...(forMs !== null && { for: `${forMs}ms` }) };
  const isProject = projects().includes(name);
  const schedule = isProject ? await scheduleOf(hand, name) : name;
  if (typeof schedule !== "string") return schedule;
  const refusal = await scheduleOutside(hand, schedule);
  if (refusal !== null) return refusal;
  const asked = await api.post<{ changes: string | null }>(`/schedules/${segment(schedule)}/override`, body);
  return tell(asked, null, () => done(`Schedule ${schedule} is ${verdict}.`, null));
}

/** The one that is open in a project, or opens next. */
async function scheduleOf({ api }: Hand, project: string): Promise<string | Told> {
  const status = await api.get<{ projects: readonly { name: string; schedule: string | null }[] }>("/status");
  if (status.kind === "refused") return refused(status.reason, null);
  const found = status.value.projects.find(({ name }) => name === project)?.schedule ?? null;
  return found ?? refused(`project ${project} has no schedule`, null);
}

async function projectOf(hand: Hand, what: string): Promise<string | Told> {
  if (!isTask(what, hand)) return what;
  const task = await hand.api.get<WholeTaskAnswer>(`/tasks/${segment(what)}`);
  return task.kind === "ok" ? task.value.project : refused(task.reason, what);
}

async function nameOfKept({ api }: Hand, key: string, id: number): Promise<string | Told> {
  const all = await api.get<{ kept: readonly { id: number; name: string }[] }>(`/kept/${segment(key)}`);
  if (all.kind === "refused") return refused(all.reason, key);
  const found = all.value.kept.find((one) => one.id === id);
  return found?.name ?? refused(`nothing of ${key} is kept under this button`, key);
}

function whole(what: string | null): string {
  return what === null ? "Everything" : `Project ${what}`;
}
