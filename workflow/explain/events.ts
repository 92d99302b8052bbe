/**
 * Events of a task's history as sentences. Pure.
 *
 * What an event holds is decoded loosely: history outlives versions, and an event that cannot be told keeps its name.
 */

import { NOTHING_CHANGED, shortCommit, tellPlace } from "../decide/made.ts";
import type { HistoryEvent } from "../event.ts";

type Data = HistoryEvent["data"];

/** One sentence without its time. */
export function tellEvent({ kind, data }: Pick<HistoryEvent, "kind" | "data">): string {
  const teller = TELLERS[kind];
  return teller === undefined ? kind : teller(data);
}

const TELLERS: Readonly<Record<string, (data: Data) => string>> = {
  "task.created": (data) => `created${asked(data)}${part(data, "after", ", to go on from ")}`,
  "task.retried": (data) => `started again${asked(data)}`,
  "task.paused": (data) => `paused${asked(data)}${because(data)}${time(data)}`,
  "task.resumed": (data) => `resumed${asked(data)}`,
  "task.hastened": (data) => `no longer waits for its time${asked(data)}`,
  "task.cancelled": (data) => `cancelled${asked(data)}${because(data)}`,
  "task.edited": (data) => `what is asked for was changed${asked(data)}`,
  "item.read": (data) => `what stands at its item was read${because(data)}${unknownBlockers(data)}`,
  "task.told": (data) => `told something${asked(data)}`,
  "phase.continued": (data) =>
    `phase${part(data, "phase", " ")} goes on, because somebody has said something meanwhile`,
  "phase.entered": (data) => `phase${part(data, "phase", " ")} begins${part(data, "agent", ", played by ")}`,
  "session.rotated": (data) =>
    `the session of role${part(data, "role", " ")} has had${part(data, "turns", " ")} turns, so phase${part(data, "phase", " ")} begins a fresh one`,
  "phase.skipped": (data) => `phase${part(data, "phase", " ")} is passed by`,
  "phase.completed": (data) => `phase${part(data, "phase", " ")} is good${part(data, "verdict", ": ")}`,
  "gate.asked": (data) => `somebody is asked whether phase${part(data, "phase", " ")} is good`,
  "gate.voted": (data) => `phase${part(data, "phase", " ")} has one more yes${part(data, "by", " by ")}`,
  "gate.approved": (data) => `phase${part(data, "phase", " ")} was approved${said(data)}`,
  "gate.rejected": (data) => `phase${part(data, "phase", " ")} was rejected${said(data)}`,
  "gate.aborted": (data) => `given up at phase${part(data, "phase", " ")}${said(data)}`,
  "gate.expired": (data) => `nobody has said in time whether phase${part(data, "phase", " ")} is good`,
  "ci.awaited": (data) => `phase${part(data, "phase", " ")} waits for CI${commit(data)}`,
  "ci.reported": (data) => `CI has reported${commit(data)}${asked(data)}`,
  "ci.passed": (data) => `phase${part(data, "phase", " ")} has passed CI${because(data)}`,
  "ci.failed": (data) => `phase${part(data, "phase", " ")} has not passed CI${because(data)}`,
  "ci.expired": (data) => `CI was waited for long enough${because(data)}`,
  "merge.done": (data) => `merged${part(data, "base", " into ")}${commit(data)}`,
  "merge.conflicted": (data) => `does not fit${part(data, "base", " ")}${commit(data)}${files(data)}`,
  "merge.unneeded": () => "nothing was published, so there was nothing to merge",
  "merge.overtaken": (data) =>
    `others have pushed${part(data, "branch", " to ")}${commit(data)}, so it is not merged`,
  "merge.unwanted": (data) => `not merged, because changes are requested${part(data, "by", " by ")}`,
  "merge.waits": (data) => `waits${part(data, "for", " for ")} before it is merged${because(data)}`,
  "merge.failed": (data) => `could not be merged${because(data)}`,
  "pull.opened": (data) => `${pull(data)} was opened${asked(data)}${part(data, "url", ": ")}`,
  "pull.ready": (data) => `${pull(data)} is no draft any more`,
  "pull.reopened": (data) => `${pull(data)} was opened again${asked(data)}`,
  "pull.closed": (data) => `${pull(data)} was closed${asked(data)}`,
  "pull.merged": (data) => `${pull(data)} was merged${asked(data)}`,
  "pull.pushed": (data) => `others have pushed to ${pull(data)}${commit(data)}${asked(data)}`,
  "pull.reviewed": (data) =>
    `${pull(data)} was reviewed${asked(data)}${part(data, "said", ": ")}${commit(data)}`,
  "question.asked": (data) => `phase${part(data, "phase", " ")} asks a person${part(data, "question", ": ")}`,
  "question.answered": (data) => `answered${asked(data)}${part(data, "question", ": ")}`,
  "question.expired": (data) => `nobody has answered in time${part(data, "question", ": ")}`,
  "task.activated": (data) => `nothing keeps it from beginning any more${part(data, "after", ": ")}`,
  "dependency.added": (data) => `needs${part(data, "needs", " ")}${asked(data)}`,
  "dependency.dropped": (data) => `needs${part(data, "needs", " ")} no more${asked(data)}`,
  "dependency.ended": (data) =>
    `what it needs${part(data, "needs", ", ", ",")} is${part(data, "status", " ")}`,
  "task.stuck": () => "nothing of it went on, and somebody was told",
  "task.done": (data) => `done; ${made(data)}`,
  "task.failed": (data) => `failed${because(data)}`,
  "work.kept": (data) => `kept work${part(data, "name", " ")}${files(data)}${because(data)}`,
  "work.expiring": (data) => `kept work${part(data, "name", " ")} goes${day(data)}, unless it is published`,
  "work.published": (data) =>
    `kept work${part(data, "name", " ")} was pushed${part(data, "branch", " to ")}${asked(data)}`,
  "work.dropped": (data) => `kept work${part(data, "name", " ")} was dropped${asked(data)}`,
  "work.expired": (data) => `kept work${part(data, "name", " ")} was kept long enough and is gone`,
  "budget.raised": (data) => `budget raised${part(data, "amount", " by ")}${asked(data)}`,
  "run.unwanted": (data) => `run${part(data, "run", " ")} is to stop${asked(data)}${because(data)}`,
  "run.succeeded": (data) => `run${part(data, "run", " ")} succeeded`,
  "run.failed": (data) => `run${part(data, "run", " ")} failed${ended(data)}`,
  "run.lost": (data) => `run${part(data, "run", " ")} was lost${ended(data)}`,
  "run.killed": (data) => `run${part(data, "run", " ")} was stopped${ended(data)}`,
};

/** What was looked up: the branch, its commit and how many files, or that there was nothing. */
function made(data: Data): string {
  const { branch, commit, files, kept } = data;
  const isKept = typeof kept === "number" && kept > 0;
  if (typeof commit !== "string")
    return isKept ? "its work could not be published and is kept" : NOTHING_CHANGED;
  const place = tellPlace(String(branch ?? ""), { commit, files: typeof files === "number" ? files : null });
  return `its work is ${place}${isKept ? "; some of it could not be published and is kept" : ""}`;
}

/** What it waits for there, and what nobody here works on, holds nothing. */
function unknownBlockers(data: Data): string {
  return part(data, "blockers", "; there it waits for ", ", which is no task here");
}

/** ` (3 files)`. */
function files({ files }: Data): string {
  return typeof files === "number" ? ` (${files} ${files === 1 ? "file" : "files"})` : "";
}

/** ` on 2026-12-28`. */
function day({ until }: Data): string {
  return typeof until === "number" ? ` on ${new Date(until).toISOString().slice(0, 10)}` : "";
}

/** `, until 2026-12-28 07:00 UTC`. */
function time({ until }: Data): string {
  if (typeof until !== "number") return "";
  return `, until ${new Date(until).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** ` by alice (label agent)`. */
function asked(data: Data): string {
  return `${part(data, "by", " by ")}${part(data, "because", " (", ")")}`;
}

/** ` by alice: too risky`. */
function said(data: Data): string {
  return `${part(data, "by", " by ")}${part(data, "why", ": ")}`;
}

/** `pull request 7`. */
function pull({ number }: Data): string {
  return typeof number === "number" ? `pull request ${number}` : "its pull request";
}

/** ` of commit c0ffee`. */
function commit({ commit: name }: Data): string {
  return typeof name === "string" ? ` of commit ${shortCommit(name)}` : "";
}

function because(data: Data): string {
  return part(data, "reason", ": ");
}

/** ` (network): the service could not be reached`. */
function ended(data: Data): string {
  return `${part(data, "failure", " (", ")")}${because(data)}`;
}

/** The field between these words; nothing where there is none. */
function part(data: Data, field: string, before: string, after = ""): string {
  const value = data[field];
  return typeof value === "string" && value !== "" ? `${before}${value}${after}` : "";
}
