/** What must be true of phases, artifacts, approvals and words after every step, whatever struck. */

import { createHash } from "node:crypto";
import type { Engine, Row } from "../../../store/engine/engine.ts";
import { type ApprovalGate, partsOf, SINGLE } from "../../../workflow/workflow.ts";
import type { Machine } from "../daemon.ts";
import { Broken } from "../oracle.ts";
import type { Reviewers } from "./people.ts";

export class PhaseChecks {
  readonly #engine: Engine;
  readonly #machine: Machine;
  readonly #people: Reviewers;
  /** By phase. */
  readonly #gates: ReadonlyMap<string, ApprovalGate | null>;

  constructor(engine: Engine, machine: Machine, people: Reviewers) {
    this.#engine = engine;
    this.#machine = machine;
    this.#people = people;
    const { phases } = machine.project.workflow ?? SINGLE;
    this.#gates = new Map(phases.map(({ key, gate }) => [key, partsOf(gate).approval]));
  }

  async check(): Promise<void> {
    await this.#none(
      `I7: a task that goes on stands in no phase, or one that is over in one`,
      `select t.key as what from tasks t where (t.finished_at is null) <>
         (select count(*) = 1 from phases p where p.task = t.key and p.finished_at is null)`,
    );
    await this.#none(
      "I7: a task is blocked and nobody is asked, or somebody is asked about one that goes on",
      `select t.key as what from tasks t where t.status in ('active', 'blocked') and (t.status = 'blocked') <>
         (exists (select 1 from approvals a where a.task = t.key and a.status = 'pending')
          or exists (select 1 from questions q where q.task = t.key and q.status = 'open'))`,
    );
    await this.#none(
      "D6: an approval is about something else than its phase has left behind",
      `select a.task as what from approvals a join phases p on p.task = a.task and p.seq = a.seq
       where a.artifact is not p.artifact`,
    );
    await this.#artifactsAreOfTheirRuns();
  }

  /** D4: what is kept of a run is what the agent of that run has left behind, and of no other. */
  async #artifactsAreOfTheirRuns(): Promise<void> {
    const left = new Map(this.#machine.kernel.processes.map(({ run, artifact }) => [run, artifact]));
    for (const row of await this.#engine.all("select run, sha256 from artifacts", [])) {
      const text = left.get(String(row["run"]));
      const wanted = createHash("sha256")
        .update(text ?? "")
        .digest("hex");
      if (row["sha256"] !== wanted)
        throw new Broken(`D4: run ${row["run"]} is believed to have left what it has not`);
    }
  }

  /** At the end: each answer counted once, and about what was seen; each word told to the run that has heard it. */
  async checkRest(): Promise<void> {
    // What an agent thinks of the work of others is asked of nobody.
    const rows = await this.#engine.all(
      `select task, seq, phase, artifact, commit_id, status from approvals
       where decided_from is null or decided_from <> 'agent'`,
      [],
    );
    const { confirmed, given } = this.#people;
    for (const row of rows) {
      const [task, seq, status] = [String(row["task"]), Number(row["seq"]), String(row["status"])];
      const word = { approved: "approve", rejected: "reject", aborted: "abort" }[status];
      const about = (list: Reviewers["given"]): Reviewers["given"] =>
        list.filter((one) => one.task === task && one.seq === seq);
      const gate = this.#gates.get(String(row["phase"])) ?? null;
      const approved = about(confirmed).filter(({ answer }) => answer === "approve");
      const wanted = gate?.count ?? 1;
      const decided = [
        ...about(confirmed).filter(({ answer }) => answer !== "approve"),
        ...approved.slice(wanted - 1),
      ];
      if (decided.length > 1)
        throw new Broken(`D6: ${decided.length} answers about ${task} ${seq} were taken`);
      const [first] = decided;
      if (first !== undefined && first.answer !== word)
        throw new Broken(`D6: ${task} ${seq} is ${status}, and not as ${first.answer}`);
      // A task that was closed meanwhile aborts what was asked.
      const seen = about(given).filter(
        (one) =>
          one.answer === "approve" && one.artifact === row["artifact"] && one.commit === row["commit_id"],
      );
      const people = new Set(seen.map(({ by }) => by)).size;
      if (status === "approved" && people < wanted)
        throw new Broken(
          `D6: ${task} ${seq} was approved by ${people} who have seen it, and wants ${wanted}`,
        );
    }
    await this.#wordsAreHeard();
  }

  async #wordsAreHeard(): Promise<void> {
    const { disk } = this.#machine;
    const kept = await this.#engine.all("select task, said, heard_by from feedback", []);
    const tasks = await this.#engine.all("select key, follows from tasks order by seq", []);
    for (const { task, text } of this.#people.said) {
      const heirs = heirsOf(task, tasks);
      const found = kept.filter((row) => heirs.has(String(row["task"])) && row["said"] === text);
      if (found.length !== 1) throw new Broken(`G4: ${text} of ${task} is there ${found.length} times`);
      const by = found[0]?.["heard_by"];
      if (typeof by !== "string") continue;
      const prompt = disk.files.get(`/runs/${by}/prompt.md`) ?? "";
      const outside = [...disk.files]
        .filter(([path]) => path.startsWith(`/runs/${by}/`))
        .map(([, said]) => said);
      if (![prompt, ...outside].some((said) => said.includes(text)))
        throw new Broken(`G4: run ${by} is said to have heard ${text}, and was not told it`);
    }
    // The work of a run whose job somebody has ended counts for nothing, and what it was told is told anew; so is what
    // was told to a run that has asked instead of ending its work.
    const isWhole = `r.status = 'succeeded' and j.status <> 'cancelled' and not exists (
      select 1 from questions q where q.task = r.task and q.phase = j.phase and q.asked_at = r.finished_at)`;
    await this.#none(
      "G4: what was said is told to no run, although one has done its work since",
      `select f.said as what from feedback f where f.heard_by is null and exists (
         select 1 from runs r join jobs j on j.id = r.job where r.task = f.task and ${isWhole} and r.heard >= f.id)`,
    );
    await this.#none(
      "G4: a run that began long after it did its work without being told",
      `select f.said as what from feedback f where f.heard_by is null and exists (
         select 1 from runs r join jobs j on j.id = r.job where r.task = f.task and ${isWhole}
         and r.claimed_at > f.said_at + 60000)`,
    );
  }

  async #none(promise: string, sql: string): Promise<void> {
    const [row] = await this.#engine.all(sql, []);
    if (row !== undefined) throw new Broken(`${promise}: ${row["what"]}`);
  }
}

/** A task, and those that follow it, one after another: they hear what was said to it when it was done. */
function heirsOf(task: string, tasks: readonly Row[]): ReadonlySet<string> {
  const heirs = new Set([task]);
  for (const { key, follows } of tasks) if (heirs.has(String(follows))) heirs.add(String(key));
  return heirs;
}
