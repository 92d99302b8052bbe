/**
 * What may go into the base branch of a world of phases: what its task has published last, and nothing before everybody
 * who has to say yes has said so to exactly that.
 */

import type { Engine, Row } from "../../../store/engine/engine.ts";
import { routeOf } from "../../../workflow/decide/routes.ts";
import { type GateParts, partsOf, SINGLE, type Workflow } from "../../../workflow/workflow.ts";
import type { Machine } from "../daemon.ts";
import { Broken } from "../oracle.ts";
import type { Pushed, SimBase } from "./merger.ts";
import type { Others } from "./others.ts";
import type { Reviewers } from "./people.ts";

export class MergeChecks {
  readonly #engine: Engine;
  readonly #machine: Machine;
  readonly #reviewers: Reviewers;
  readonly #others: Others;
  readonly #base: SimBase;
  readonly #workflow: Workflow;
  readonly #passed: Set<string> = new Set();

  constructor(engine: Engine, machine: Machine, reviewers: Reviewers, others: Others, base: SimBase) {
    this.#engine = engine;
    this.#machine = machine;
    this.#reviewers = reviewers;
    this.#others = others;
    this.#base = base;
    this.#workflow = machine.project.workflow ?? SINGLE;
    base.judge = (pushed) => this.#mayMerge(pushed);
  }

  /** After each step that wrote something: no phase is completed before its gate is open. */
  async check(): Promise<void> {
    for (const row of await this.#engine.all(COMPLETED, [])) {
      const id = `${row["task"]} ${row["seq"]}`;
      if (this.#passed.has(id)) continue;
      this.#passed.add(id);
      await this.#gateIsOpen(row);
    }
  }

  async checkRest(): Promise<void> {
    const rows = await this.#engine.all(
      "select task, phase, seq, verdict from phases order by task, seq",
      [],
    );
    for (const { task, phase, verdict } of rows) {
      if (verdict !== "merged" || this.#phase(String(phase))?.merge === undefined) continue;
      if (!this.#base.merged.some((one) => one.task === task))
        throw new Broken(`M2: ${task} is said to be merged, and nothing of it is in the base`);
    }
    const twice = this.#base.merged.find(
      ({ commit }, index) => this.#base.merged.findIndex((one) => one.commit === commit) !== index,
    );
    if (twice !== undefined) throw new Broken(`M2: ${twice.commit} was merged twice`);
  }

  /** M1. */
  async #mayMerge({ task, commit }: Pushed): Promise<void> {
    if (!(this.#machine.remote.published.get(task) ?? []).includes(commit))
      throw new Broken(`M1: ${commit} of ${task} is merged, and was never published`);
    const merges = await this.#engine.all("select seq, phase from merges where task = $1 order by seq", [
      task,
    ]);
    const rows = await this.#engine.all("select * from phases where task = $1 order by seq", [task]);
    let trouble = "nobody has asked for it";
    for (const { seq, phase } of merges) {
      const why = await this.#whyNot(
        rows.filter((row) => Number(row["seq"]) < Number(seq)),
        String(phase),
        commit,
      );
      if (why === null) return;
      trouble = why;
    }
    throw new Broken(`M1: ${commit} of ${task} is merged, but ${trouble}`);
  }

  /** @param rows the phases before the one that merges */
  async #whyNot(rows: readonly Row[], merging: string, commit: string): Promise<string | null> {
    const published = rows.findLast((row) => row["commit_id"] !== null);
    if (published?.["commit_id"] !== commit) return `the last that was judged is ${published?.["commit_id"]}`;
    for (const row of rows) if (row["status"] === "completed") await this.#gateIsOpen(row);
    const keys = this.#workflow.phases.map(({ key }) => key);
    for (const { key, when } of this.#workflow.phases.slice(0, keys.indexOf(merging))) {
      if (when !== null) continue;
      const newest = rows.findLast(({ phase }) => phase === key);
      // A person may begin again behind what has failed, and a verdict may lead past it.
      const isPassedBy =
        this.#reviewers.retries.some(
          ({ task, from }) => task === published["task"] && keys.indexOf(from) > keys.indexOf(key),
        ) || rows.some((row) => this.#leadsPast(row, key, keys));
      if (newest?.["status"] !== "completed" && !isPassedBy)
        return `its phase ${key} is ${newest?.["status"] ?? "not even begun"}`;
    }
    return null;
  }

  #leadsPast({ phase, verdict, status }: Row, key: string, keys: readonly string[]): boolean {
    const spec = this.#phase(String(phase));
    if (spec === undefined || status !== "completed" || verdict === null) return false;
    const route = routeOf(spec, String(verdict));
    const isBefore = keys.indexOf(spec.key) < keys.indexOf(key);
    return isBefore && route.to === "phase" && keys.indexOf(route.phase) > keys.indexOf(key);
  }

  /** D6, D7: by the books of those who say yes, and about what the phase has left behind. */
  async #gateIsOpen(row: Row): Promise<void> {
    const { needs, approval, ci }: GateParts = partsOf(
      this.#phase(String(row["phase"]))?.gate ?? { kind: "none" },
    );
    const said: boolean[] = [];
    if (approval !== null) {
      const yes = this.#reviewers.given.filter(
        ({ task, seq, artifact, commit, answer }) =>
          task === row["task"] &&
          seq === row["seq"] &&
          answer === "approve" &&
          artifact === row["artifact"] &&
          commit === row["commit_id"],
      );
      said.push(new Set(yes.map(({ by }) => by)).size >= approval.count);
    }
    if (ci !== null) {
      const [wait] = await this.#engine.all("select commit_id from ci_waits where task = $1 and seq = $2", [
        String(row["task"]),
        Number(row["seq"]),
      ]);
      const commit = wait?.["commit_id"] ?? null;
      const isOwn = row["commit_id"] === null || commit === row["commit_id"];
      said.push(
        isOwn && (ci.noChecks === "pass" || (commit !== null && this.#others.good.has(String(commit)))),
      );
    }
    if (said.length > 0 && !(needs === "any" ? said.some(Boolean) : said.every(Boolean)))
      throw new Broken(
        `D6: ${row["phase"]} of ${row["task"]} passes (${row["seq"]}), and its gate is not open`,
      );
  }

  #phase(wanted: string): Workflow["phases"][number] | undefined {
    return this.#workflow.phases.find(({ key }) => key === wanted);
  }
}

const COMPLETED = "select * from phases where status = 'completed'";
