/** What must be true between the tasks of a world of phases, and of the checks that prove their work. */

import type { Engine } from "../../../store/engine/engine.ts";
import { SINGLE, type Workflow } from "../../../workflow/workflow.ts";
import type { Machine } from "../daemon.ts";
import { Broken } from "../oracle.ts";
import type { Found, SimChecks } from "./checks.ts";
import type { Neighbours } from "./neighbours.ts";

export class BetweenChecks {
  readonly #engine: Engine;
  readonly #machine: Machine;
  readonly #people: Neighbours;
  readonly #checks: SimChecks;
  readonly #workflow: Workflow;
  #begun = 0;
  readonly #proven: Set<string> = new Set();

  constructor(engine: Engine, machine: Machine, people: Neighbours, checks: SimChecks) {
    this.#engine = engine;
    this.#machine = machine;
    this.#people = people;
    this.#checks = checks;
    this.#workflow = machine.project.workflow ?? SINGLE;
  }

  async check(): Promise<void> {
    for (const row of await this.#engine.all("select seq, task from runs order by seq", [])) {
      if (Number(row["seq"]) <= this.#begun) continue;
      this.#begun = Number(row["seq"]);
      await this.#needsAreDone(String(row["task"]));
      await this.#isItsTurn(String(row["task"]));
    }
    await this.#workIsProven();
  }

  /** B2: whoever is worked on needs nothing that is not done, by the rows and by what people were told. */
  async #needsAreDone(task: string): Promise<void> {
    const rows = await this.#engine.all(NEEDS, []);
    const { confirmed, dropped } = this.#people;
    const wanted = [
      ...rows.filter((row) => row["task"] === task).map((row) => String(row["needs"])),
      ...confirmed
        .filter((need) => need.task === task && !dropped.has(`${task} ${need.needs}`))
        .map(({ needs }) => needs),
    ];
    const statuses = await this.#engine.all("select key, status from tasks", []);
    const open = statuses.find(({ key, status }) => wanted.includes(String(key)) && status !== "done");
    if (open !== undefined)
      throw new Broken(`B2: ${task} is worked on and needs ${open["key"]}, which is ${open["status"]}`);
  }

  /** B1: of a serial project nobody else has begun and is not finished, but for those that somebody let pass. */
  async #isItsTurn(task: string): Promise<void> {
    const { passed } = this.#people;
    const rows = await this.#engine.all(SERIAL, []);
    const mine = rows.filter(({ key }) => key === task);
    if (mine.length === 0 || passed.has(task)) return;
    const other = rows.find(({ key }) => key !== task && !passed.has(String(key)));
    if (other !== undefined)
      throw new Broken(`B1: ${task} is worked on in a serial project while ${other["key"]} is`);
  }

  /** X2: a run counts as good when one daemon has seen all checks of its phase pass, one after the other. */
  async #workIsProven(): Promise<void> {
    for (const row of await this.#engine.all("select id, phase from runs where status = 'succeeded'", [])) {
      const run = String(row["id"]);
      if (this.#proven.has(run)) continue;
      this.#proven.add(run);
      const wanted = this.#workflow.phases.find(({ key }) => key === row["phase"])?.checks ?? [];
      // Who asks a person is not done yet.
      const hasWorked = this.#machine.kernel.processes.some((one) => one.run === run && one.hasWorked);
      if (wanted.length === 0 || !hasWorked) continue;
      const found = Map.groupBy(this.#of(run), ({ owner }) => owner);
      const isProof = (list: readonly Found[]): boolean =>
        list.length >= wanted.length &&
        wanted.every(({ run: command }, index) => {
          const one = list.at(index - wanted.length);
          return one?.command === command && one.isGood;
        });
      if (![...found.values()].some(isProof))
        throw new Broken(
          `X2: run ${run} of phase ${row["phase"]} counts as good, and its checks do not say so`,
        );
    }
  }

  /** X4: what a failed check has written is told to the next try. */
  async checkRest(): Promise<void> {
    const runs = await this.#engine.all("select seq, id, job, failure from runs order by seq", []);
    for (const { seq, id, job, failure } of runs) {
      if (failure !== "check") continue;
      const said = this.#of(String(id)).filter(({ isGood }) => !isGood);
      if (said.length === 0) throw new Broken(`X4: run ${id} has failed by a check, and none of its has`);
      // Not every run comes to its agent.
      const next = runs.find(
        (run) => run["job"] === job && Number(run["seq"]) > Number(seq) && this.#hasBegun(String(run["id"])),
      );
      if (next === undefined) continue;
      const told = [...this.#machine.disk.files].filter(([path]) => path.startsWith(`/runs/${next["id"]}/`));
      // Of two daemons that check at a time the second one begins the file anew; what failed is told in any case.
      const wereSeveral = new Set(this.#of(String(id)).map(({ owner }) => owner)).size > 1;
      const isTold = ({ said: words, command }: Found): boolean =>
        told.some(([, text]) => text.includes(words) || (wereSeveral && text.includes(`"${command}" ended`)));
      if (!said.some(isTold))
        throw new Broken(`X4: run ${next["id"]} is not told what the check of ${id} has found`);
    }
    const edges = await this.#engine.all("select task, needs from dependencies", []);
    for (const { task, needs } of this.#people.confirmed)
      if (!edges.some((edge) => edge["task"] === task && edge["needs"] === needs))
        throw new Broken(`B1: somebody was told that ${task} needs ${needs}, and it does not`);
  }

  #hasBegun(run: string): boolean {
    return this.#machine.kernel.processes.some((process) => process.run === run && process.released);
  }

  #of(run: string): readonly Found[] {
    return this.#checks.found.filter((one) => one.run === run);
  }
}

const NEEDS = "select task, needs from dependencies where dropped_at is null";
/** Unfinished ones that have begun, and do not wait again. */
const SERIAL = `
select t.key from tasks t join projects p on p.name = t.project where p.serial = 1 and t.finished_at is null
  and exists (select 1 from runs r where r.task = t.key)
  and not exists (select 1 from jobs j join job_holds h on h.job = j.id
                  where j.task = t.key and h.kind in ('serial', 'dependency'))`;
