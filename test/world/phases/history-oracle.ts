/**
 * What must be true of the history of tasks in a world of phases: what was answered, kept secret, frozen; and that the
 * events alone tell how the task stands.
 */

import type { Engine } from "../../../store/engine/engine.ts";
import { SINGLE, type Workflow } from "../../../workflow/workflow.ts";
import type { Machine } from "../daemon.ts";
import { Broken } from "../oracle.ts";
import { EPOCH } from "../world.ts";
import type { Others } from "./others.ts";

export class HistoryChecks {
  readonly #engine: Engine;
  readonly #machine: Machine;
  readonly #others: Others;
  readonly #workflow: Workflow;
  #checked = 0;
  /** Freezes and their ends, in the order in which they came to be. */
  readonly #freezes: { readonly id: string; readonly kind: string }[] = [];

  constructor(engine: Engine, machine: Machine, others: Others) {
    this.#engine = engine;
    this.#machine = machine;
    this.#others = others;
    this.#workflow = machine.project.workflow ?? SINGLE;
  }

  /** After each step that wrote something: no task begins while its repository is frozen. */
  async check(): Promise<void> {
    const rows = await this.#engine.all("select seq, id, task, claimed_at from runs order by seq", []);
    for (const row of rows) {
      if (Number(row["seq"]) <= this.#checked) continue;
      this.#checked = Number(row["seq"]);
      if (rows.some((other) => other["task"] === row["task"] && Number(other["seq"]) < this.#checked))
        continue;
      const at = Number(row["claimed_at"]);
      // A claim carries the time at which it was asked for, and may have come to be after a thaw since then.
      const { now } = this.#machine.world;
      const broken = this.#others.freezes.find(({ from, until }) => from < at && now < until);
      if (broken !== undefined)
        throw new Broken(
          `Z2: ${row["task"]} began ${at - EPOCH} ms in, and its repository is frozen since ${broken.from - EPOCH}`,
        );
      if (this.#freezes.at(-1)?.kind === "project.frozen")
        throw new Broken(`Z2: ${row["task"]} began ${at - EPOCH} ms in, and its repository is frozen`);
    }
    await this.#noteFreezes();
  }

  /** By whom and in which project does not matter: both work on the same. */
  async #noteFreezes(): Promise<void> {
    for (const { subject, seq, kind } of await this.#engine.all(FREEZES, [])) {
      const id = `${subject} ${seq}`;
      if (!this.#freezes.some((known) => known.id === id)) this.#freezes.push({ id, kind: String(kind) });
    }
  }

  async checkRest(): Promise<void> {
    await this.#answersCountOnce();
    await this.#secretsAreSecret();
    await this.#commitsWereGood();
    await this.#capsHold();
    await this.#eventsTellIt();
  }

  /** What was answered first stands, and nobody else was told that theirs does. */
  async #answersCountOnce(): Promise<void> {
    for (const row of await this.#engine.all("select * from questions", [])) {
      const [id, status] = [Number(row["id"]), String(row["status"])];
      const decided = this.#others.confirmed.filter(({ question }) => question === id);
      if (decided.length > 1) throw new Broken(`Q2: question ${id} was answered ${decided.length} times`);
      const [first] = decided;
      if (first === undefined) continue;
      const told = JSON.parse(String(row["answers"])) as Readonly<Record<string, unknown>> | null;
      if (status !== "answered" || told?.["way"] !== first.way)
        throw new Broken(
          `Q2: question ${id} is ${status} with ${row["answers"]}, and ${first.way} was confirmed`,
        );
    }
  }

  /** In no row, no prompt and no log; only in the folders of secrets. */
  async #secretsAreSecret(): Promise<void> {
    const { secrets } = this.#others;
    if (secrets.length === 0) return;
    const looksSecret = (text: string): string | undefined =>
      text.includes("hush-") ? secrets.find((secret) => text.includes(secret)) : undefined;
    const tables = await this.#engine.all("select name from sqlite_master where type = 'table'", []);
    for (const { name } of tables)
      for (const row of await this.#engine.all(`select * from "${name}"`, [])) {
        const found = looksSecret(JSON.stringify(row));
        if (found !== undefined) throw new Broken(`Q4: secret ${found} stands in a row of ${name}`);
      }
    const { disk, told } = this.#machine;
    for (const [path, text] of disk.files) {
      if (/\/(secrets|answers)\//.test(path)) continue;
      const found = looksSecret(text);
      if (found !== undefined) throw new Broken(`Q4: secret ${found} stands in ${path}`);
    }
    const logged = told.find((line) => looksSecret(line) !== undefined);
    if (logged !== undefined) throw new Broken(`Q4: a secret was logged: ${logged}`);
  }

  /** A gate of CI opens for a commit that somebody has called good, and for no other. */
  async #commitsWereGood(): Promise<void> {
    const rows = await this.#engine.all(
      "select * from ci_waits where status = 'passed' and commit_id is not null",
      [],
    );
    for (const { task, phase, commit_id: commit, reason } of rows) {
      const isSilent = this.#workflow.phases.some(
        ({ key, gate }) =>
          key === phase && "ci" in gate === false && gate.kind === "ci" && gate.noChecks === "pass",
      );
      const parts = this.#workflow.phases.find(({ key }) => key === phase)?.gate;
      const passesAlone = isSilent || (parts !== undefined && "ci" in parts && parts.ci.noChecks === "pass");
      if (!passesAlone && !this.#others.good.has(String(commit)))
        throw new Broken(
          `K1: ${phase} of ${task} passed with ${commit} (${reason}), which nobody called good`,
        );
    }
  }

  /** No phase was played more often than it may, whoever sent it back. */
  async #capsHold(): Promise<void> {
    const rows = await this.#engine.all("select task, phase, pass from phases", []);
    for (const { task, phase, pass } of rows) {
      const limit = this.#workflow.phases.find(({ key }) => key === phase)?.cyclesMax ?? 0;
      const others = rows.filter((row) => row["task"] === task && row["phase"] !== phase);
      // Going forward through a phase is no going back to it.
      const ahead = Math.max(limit, ...others.map((row) => Number(row["pass"])));
      if (Number(pass) > limit + ahead) throw new Broken(`D1: ${phase} of ${task} was played ${pass} times`);
    }
    const over = await this.#engine.all("select id, task from jobs where attempts > 3 or repairs > 3", []);
    if (over.length > 0)
      throw new Broken(`D1: job ${over[0]?.["id"]} of ${over[0]?.["task"]} was tried too often`);
  }

  /** The events of a task, in order, tell the phases that it has come to and how it stands. */
  async #eventsTellIt(): Promise<void> {
    const tasks = await this.#engine.all("select key, status from tasks", []);
    const events = await this.#engine.all(
      "select subject, kind, data from events where subject_kind = 'task' order by subject, seq",
      [],
    );
    const phases = await this.#engine.all("select task, phase, cycle from phases order by task, seq", []);
    for (const { key, status } of tasks) {
      const own = events.filter(({ subject }) => subject === key);
      const ends = own.map(({ kind }) => STANDINGS[String(kind)]).filter((stands) => stands !== undefined);
      if (ends.at(-1) !== status) throw new Broken(`${key} is ${status}, and its events say ${ends.at(-1)}`);
      if (this.#workflow.phases.length === 1) continue;
      const walked = own
        .filter(({ kind }) => kind === "phase.entered" || kind === "phase.skipped")
        .map(({ data }) => JSON.parse(String(data)) as Readonly<Record<string, unknown>>)
        .map(({ phase, cycle }) => `${phase} ${cycle}`);
      const kept = phases.filter(({ task }) => task === key).map(({ phase, cycle }) => `${phase} ${cycle}`);
      if (walked.join() !== kept.join())
        throw new Broken(`${key} has walked through ${kept.join()}, and its events say ${walked.join()}`);
    }
  }
}

const FREEZES = `
select subject, seq, kind from events where kind in ('project.frozen', 'project.unfrozen') order by subject, seq`;
/** What an event makes of a task, where that is over or begins again. */
const STANDINGS: Readonly<Record<string, string>> = {
  "task.created": "active",
  "task.retried": "active",
  "task.done": "done",
  "task.failed": "failed",
  "task.cancelled": "cancelled",
  "gate.aborted": "cancelled",
};
