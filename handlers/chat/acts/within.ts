/**
 * What may be asked for in a chat of some projects: these, their tasks, and what concerns nothing else. The others are
 * not there for it: it is refused in the same words as what nothing is called.
 */

import type { ScheduleAnswer } from "../../api/schedules/view.ts";
import type { TaskAnswer } from "../../api/views/task.ts";
import { segment } from "../api.ts";
import { refused, type Told } from "../told.ts";
import type { Wanted } from "../wanted.ts";
import { type Hand, isTask } from "./hand.ts";

type Projects = readonly string[];

/** The refusal of what reaches further than the chat; `null` where nothing is to be said against it. */
export async function outside(hand: Hand, wanted: Wanted): Promise<Told | null> {
  const { within } = hand;
  if (within === null) return null;
  switch (wanted.kind) {
    case "new":
      return projectOutside(within, wanted.project);
    case "approve":
    case "reject":
    case "abort":
    case "answer":
    case "say":
    case "retry":
    case "cancel":
    case "publish":
    case "log":
    case "explain":
    case "task":
      return taskOutside(hand, wanted.key);
    case "raise":
    case "unfreeze":
      return nameOutside(hand, within, wanted.what);
    case "pause":
    case "resume":
      return wanted.what === null ? tooWide(within) : nameOutside(hand, within, wanted.what);
    case "tasks":
      return wanted.what === null ? null : projectOutside(within, wanted.what);
    case "budget":
      return wanted.what === null ? null : nameOutside(hand, within, wanted.what);
    case "open":
    case "close":
      return hand.projects().includes(wanted.name) ? projectOutside(within, wanted.name) : null;
    case "clear":
    case "stopall":
      return tooWide(within);
    // Of these only what concerns the projects is shown.
    case "status":
    case "schedule":
    case "help":
    case "link":
      return null;
    default:
      return wanted satisfies never;
  }
}

/** A task of another project is none. */
export async function taskOutside({ api, within }: Hand, key: string): Promise<Told | null> {
  if (within === null) return null;
  const task = await api.get<TaskAnswer>(`/tasks/${segment(key)}`);
  const isInside = task.kind === "ok" && within.includes(task.value.project);
  return isInside ? null : refused(`there is no task ${key} here`, null);
}

/** A schedule is changed in a chat when it opens none but its projects; one that opens others too is shown there. */
export async function scheduleOutside({ api, within }: Hand, name: string): Promise<Told | null> {
  if (within === null) return null;
  const asked = await api.get<{ schedules: readonly ScheduleAnswer[] }>("/schedules");
  if (asked.kind === "refused") return refused(asked.reason, null);
  const found = asked.value.schedules.find((one) => one.name === name);
  if (found === undefined || !concerns(within, found))
    return refused(`there is no schedule ${name} here`, null);
  const isOurs = found.projects?.every((project) => within.includes(project)) === true;
  return isOurs
    ? null
    : refused(`schedule ${name} opens other projects too, which are not of this chat`, null);
}

/** Whether a schedule opens one of the projects. */
export function concerns(within: Projects | null, { projects }: Pick<ScheduleAnswer, "projects">): boolean {
  return within === null || projects === null || projects.some((project) => within.includes(project));
}

async function nameOutside(hand: Hand, within: Projects, name: string): Promise<Told | null> {
  return isTask(name, hand) ? taskOutside(hand, name) : projectOutside(within, name);
}

function projectOutside(within: Projects, name: string): Told | null {
  return within.includes(name) ? null : refused(`there is no project ${name} here`, null);
}

function tooWide(within: Projects): Told {
  const names = within.join(", ");
  return refused(`that concerns more than this chat may ask for: tasks and the projects ${names}`, null);
}
