/** What must be true after every step of a simulated history, whatever struck (DESIGN §4). */

import type { Engine } from "../../store/engine.ts";
import type { SimKernel } from "./processes.ts";

export class Broken extends Error {
  override readonly name = "Broken";
}

/** What the world has sent so far: the oracle's own books. */
export interface Books {
  /** Distinct issues for which a start was sent. */
  readonly issues: Set<string>;
}

/** Cheap checks of the processes alone; run after each step. */
export function checkProcesses(kernel: SimKernel): void {
  const tasks = new Set<string>();
  for (const process of kernel.alive()) {
    if (!process.released) continue;
    if (tasks.has(process.task)) throw new Broken(`I4: two live agents for ${process.task}`);
    tasks.add(process.task);
  }
}

/** Checks of the rows; run after each step that wrote something. */
export class RowChecks {
  readonly #engine: Engine;
  readonly #finished: Map<string, string> = new Map();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async check(books: Books, kernel: SimKernel): Promise<void> {
    await this.#deliveriesTakeEffectOnce(books);
    await this.#finishedRowsNeverChange();
    await this.#nothingIsStuck();
    await this.#usageIsCountedOnce(kernel);
  }

  /** I2: one task per issue, and no processed delivery without its effect. */
  async #deliveriesTakeEffectOnce(books: Books): Promise<void> {
    const [tasks, refs] = [
      await this.#count("select count(*) n from tasks"),
      await this.#count("select count(*) n from refs where kind = 'issue'"),
    ];
    if (tasks !== refs) throw new Broken(`I2: ${tasks} tasks stand for ${refs} issues`);
    if (tasks > books.issues.size) throw new Broken(`I2: ${tasks} tasks from ${books.issues.size} issues`);
    const orphans = await this.#count(
      "select count(*) n from deliveries d where d.status = 'processed' and not exists (select 1 from tasks t where t.key = d.task)",
    );
    if (orphans > 0) throw new Broken(`I2: ${orphans} processed deliveries without effect`);
    const jobs = await this.#count(
      "select count(*) n from (select task from jobs where status in ('queued','held','running') group by task having count(*) > 1)",
    );
    if (jobs > 0) throw new Broken("I2: a task has two live jobs");
  }

  /** I3: what is finished stays as it is, whoever comes late. */
  async #finishedRowsNeverChange(): Promise<void> {
    const rows = await this.#engine.all(FINISHED, []);
    for (const row of rows) {
      const [id, what] = [String(row["id"]), String(row["what"])];
      const before = this.#finished.get(id);
      if (before !== undefined && before !== what)
        throw new Broken(`I3: ${id} was ${before} and became ${what}`);
      this.#finished.set(id, what);
    }
    if (rows.length < this.#finished.size) throw new Broken("I3: a finished row became live again");
  }

  /** I7: a live job is claimable, has a hold, or has a live run; an active task has a live job. */
  async #nothingIsStuck(): Promise<void> {
    const idle = await this.#count(
      "select count(*) n from jobs j where j.status = 'running' and not exists (select 1 from runs r where r.id = j.run and r.status in ('starting','running','exited'))",
    );
    if (idle > 0) throw new Broken("I7: a running job has no live run");
    const mute = await this.#count(
      "select count(*) n from jobs where status = 'held' and (hold_kind is null or (hold_until is null and hold_kind = 'backoff'))",
    );
    if (mute > 0) throw new Broken("I7: a held job has no recorded hold");
    const lost = await this.#count(
      "select count(*) n from tasks t where t.status in ('waiting','active') and not exists (select 1 from jobs j where j.task = t.key and j.status in ('queued','held','running'))",
    );
    if (lost > 0) throw new Broken("I7: an active task has no live job");
  }

  /** I8: never more tokens than an agent has reported, and all of them once its run has succeeded. */
  async #usageIsCountedOnce(kernel: SimKernel): Promise<void> {
    const counted = new Map<string, number>();
    for (const row of await this.#engine.all(USED, [])) counted.set(String(row["run"]), Number(row["n"]));
    const succeeded = new Set<string>();
    for (const row of await this.#engine.all("select id from runs where status = 'succeeded'", [])) {
      succeeded.add(String(row["id"]));
    }
    for (const process of kernel.processes) {
      const tokens = counted.get(process.run) ?? 0;
      if (tokens > process.tokens)
        throw new Broken(`I8: run ${process.run} counts ${tokens} of ${process.tokens} tokens`);
      if (succeeded.has(process.run) && tokens !== process.tokens) {
        throw new Broken(`I8: run ${process.run} is over with ${tokens} of ${process.tokens} tokens`);
      }
    }
  }

  async #count(sql: string): Promise<number> {
    const [row] = await this.#engine.all(sql, []);
    return Number(row?.["n"]);
  }
}

const FINISHED = `select 'run ' || id as id, status || ' at ' || finished_at as what from runs where finished_at is not null
  union all select 'job ' || id, status || ' at ' || finished_at from jobs where finished_at is not null`;
const USED = "select run, sum(input_tokens) n from usage group by run";
