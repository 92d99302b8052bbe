/**
 * Does what a comment asks for besides changes of its task: shows how it stands, and freezes a repository. It asks the
 * same API that chats and terminals ask, in the name of whoever wrote the comment.
 *
 * A1. What is shown is a reply of bounded length, in which nothing can be markup, mention anybody or hold a secret.
 * A2. A freeze has the key of its comment, so that it is put once, however often the delivery is handled.
 */

import { plainLine } from "../../chats/plain.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Project } from "../../workflow/project.ts";
import { act } from "../chat/acts/acts.ts";
import type { Hand } from "../chat/acts/hand.ts";
import { apiFor, type Door, segment } from "../chat/api.ts";
import { forChat, type Told } from "../chat/told.ts";
import type { Aside } from "../wish.ts";
import { usages } from "./command.ts";

export interface AsidePorts {
  readonly store: Store;
  readonly api: Door;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Reply {
  /** Whether it was done, or is shown; else `text` says why not, in one line. */
  readonly isDone: boolean;
  readonly task: string | null;
  /** Markdown. */
  readonly text: string;
}

/** Of a reply: a comment is read on a telephone, too. */
const LINES_MAX = 40;
const CHARS_MAX = 4_000;

/** @throws StoreFault when something cannot work just now; then it is done again */
export async function doAside(ports: AsidePorts, aside: Aside, project: Project): Promise<Reply> {
  const { store, clock, log, api: door } = ports;
  const [command = "/agent"] = project.start.commands;
  if (aside.what === "help") return { isDone: true, task: null, text: helpText(command) };
  const asker = { by: aside.by, key: aside.key };
  const api = apiFor(door, asker);
  if (aside.what === "freeze" || aside.what === "unfreeze") {
    const path = `/projects/${segment(project.name)}/${aside.what}`;
    const answered = await api.post(path, { because: aside.why ?? "asked in a comment" });
    if (answered.kind === "refused") return refusal(answered.reason, null);
    const now = aside.what === "freeze" ? "No new task begins" : "New tasks may begin";
    return { isDone: true, task: null, text: `${now} on this repository.` };
  }
  const { target } = aside;
  const named =
    "key" in target ? await store.tasks.get(target.key) : await store.tasks.find(project.name, target.refs);
  if (named === null) return refusal(`there is no task here yet: ${command} start`, null);
  const { key } = named.status === "done" ? await store.follow.newest(named) : named;
  const within = [project.name];
  const hand: Hand = { api, asker, update: aside.key, store, clock, projects: () => within, within };
  const kind = aside.what === "status" ? "task" : aside.what;
  const told = await act(hand, kind === "budget" ? { kind, what: key } : { kind, key });
  return shown(told, key, log.redactor.redact);
}

function refusal(reason: string, task: string | null): Reply {
  return { isDone: false, task, text: reason };
}

function helpText(command: string): string {
  return [
    "What can be said here, as the first words of a comment:",
    "",
    ...usages(command).map((one) => `- ${one}`),
  ].join("\n");
}

/** A1: in a block of code nothing is markup. */
function shown({ message, short, isDone }: Told, task: string, redact: (text: string) => string): Reply {
  if (!isDone) return refusal(redact(short), task);
  const lines = forChat(message, redact).lines.map((one) => plainLine(one, true));
  const more = lines.length > LINES_MAX ? [`… and ${lines.length - LINES_MAX} more lines`] : [];
  const text = [...lines.slice(0, LINES_MAX), ...more].join("\n").slice(0, CHARS_MAX).toWellFormed();
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return { isDone: true, task, text: `${fence}text\n${text}\n${fence}` };
}
