/** What must be true after every step of a simulated history, whatever struck (DESIGN §4). */

import type { Engine } from "../../store/engine/engine.ts";
import { FAULTS } from "../../workflow/faults.ts";
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
  if (kernel.hurt > 0) throw new Broken("I5: a signal reached a process that only has the same pid");
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
  readonly #claimed: Set<string> = new Set();
  #closed: Map<string, number> = new Map();
  readonly #over: Map<string, number> = new Map();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @param steps how many steps the daemon at work has taken; its frozen time does not count */
  async check(books: Books, kernel: SimKernel, steps: number): Promise<void> {
    await this.#deliveriesTakeEffectOnce(books);
    await this.#finishedRowsNeverChange();
    await this.#nothingIsStuck();
    await this.#usageIsCountedOnce(kernel);
    await this.#onlyWrittenAgentsRun(kernel);
    await this.#waitingCostsNothing();
    await this.#closedAccountsRest();
    await this.#budgetsHold(kernel, steps);
  }

  /** I2: one task per issue, and no processed delivery without its effect. */
  async #deliveriesTakeEffectOnce(books: Books): Promise<void> {
    const [tasks, refs] = [
      await this.#count("select count(*) n from tasks where project = 'shop' and follows is null"),
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

  /** I7: a live job is claimable, has a hold, or has a live run; an active task has one, or waits for CI or a merge. */
  async #nothingIsStuck(): Promise<void> {
    const idle = await this.#count(
      "select count(*) n from jobs j where j.status = 'running' and not exists (select 1 from runs r where r.id = j.run and r.status in ('starting','running','exited'))",
    );
    if (idle > 0) throw new Broken("I7: a running job has no live run");
    const mute = await this.#count(
      "select count(*) n from jobs j where (status = 'held') <> exists (select 1 from job_holds h where h.job = j.id)",
    );
    if (mute > 0) throw new Broken("I7: a job is held without a hold, or has one and is not held");
    const lost = await this.#count(
      "select count(*) n from tasks t where t.status in ('waiting','active') and not exists (select 1 from jobs j where j.task = t.key and j.status in ('queued','held','running')) and not exists (select 1 from ci_waits c where c.task = t.key and c.status = 'pending') and not exists (select 1 from merges m where m.task = t.key and m.status = 'pending')",
    );
    if (lost > 0)
      throw new Broken("I7: an active task has no live job, and waits for neither CI nor a merge");
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

  /** I4: an agent that runs is written down, with the identity by which the next daemon finds it. */
  async #onlyWrittenAgentsRun(kernel: SimKernel): Promise<void> {
    const written = new Map<string, boolean>();
    for (const row of await this.#engine.all("select id, pid is not null as known from runs", []))
      written.set(String(row["id"]), row["known"] === 1);
    const stray = kernel.alive().find(({ released, run }) => released && written.get(run) !== true);
    if (stray !== undefined) throw new Broken(`I4: the agent of run ${stray.run} is not written down`);
  }

  /** I9: each counter of a job is no more than the runs that ended by a fault of its kind. */
  async #waitingCostsNothing(): Promise<void> {
    for (const counter of ["attempts", "transients", "interruptions", "repairs"] as const) {
      const classes = Object.entries(FAULTS).filter(([, rule]) => rule.counter === counter);
      const words = classes.map(([name]) => `'${name}'`).join(", ");
      const wrong = await this.#count(
        `select count(*) n from jobs j where j.${counter} >
           (select count(*) from runs r where r.job = j.id and r.failure in (${words}))`,
      );
      if (wrong > 0) throw new Broken(`I9: a job was charged ${counter} for nothing`);
    }
  }

  /** Nothing is claimed for an account that is closed; and a probe is alone. */
  async #closedAccountsRest(): Promise<void> {
    // What was closed one write ago: a decision carries the time at which it was taken, not that of its commit.
    const before = this.#closed;
    this.#closed = new Map();
    for (const row of await this.#engine.all("select * from wide_holds where scope = 'account'", []))
      this.#closed.set(String(row["subject"]), Number(row["until"] ?? Number.POSITIVE_INFINITY));
    for (const row of await this.#engine.all(
      "select id, account, claimed_at from runs where status = 'starting'",
      [],
    )) {
      const [run, account] = [String(row["id"]), String(row["account"])];
      if (this.#claimed.has(run)) continue;
      if (Number(row["claimed_at"]) < (before.get(account) ?? 0))
        throw new Broken(`F4: run ${run} was claimed for account ${account}, which is closed`);
    }
    const crowd = await this.#count(
      `select count(*) n from accounts a where a.rearms > 0 and (
         select count(*) from runs r where r.account = a.name and r.claimed_at >= a.until
         and r.status in ('starting', 'running', 'exited')) > 1`,
    );
    if (crowd > 0) throw new Broken("F4: more than one run probes an account after its limit");
  }

  /** I8: no run is claimed beyond a limit, and an agent that reaches its own is asked to stop before long. */
  async #budgetsHold(kernel: SimKernel, steps: number): Promise<void> {
    for (const row of await this.#engine.all(CLAIMED, [])) {
      const run = String(row["id"]);
      if (this.#claimed.has(run)) continue;
      this.#claimed.add(run);
      if (Number(row["used"]) > Number(row["amount"]))
        throw new Broken(`I8: run ${run} was claimed beyond the budget of the ${row["scope"]}`);
    }
    const over = new Set<string>();
    for (const row of await this.#engine.all(OVER, [])) {
      const run = String(row["id"]);
      // Whoever is gone spends no more, however long a daemon that froze or died takes to find out.
      if (!kernel.alive().some((agent) => agent.run === run)) continue;
      over.add(run);
      const since = this.#over.get(run) ?? steps;
      this.#over.set(run, since);
      if (steps - since > PATIENCE_STEPS) throw new Broken(`I8: run ${run} goes on beyond its budget`);
    }
    for (const run of [...this.#over.keys()]) if (!over.has(run)) this.#over.delete(run);
    const sums = await this.#count(SPEND_GAPS);
    if (sums > 0) throw new Broken("I8: what is counted as spent is not what the runs have used");
  }

  async #count(sql: string): Promise<number> {
    const [row] = await this.#engine.all(sql, []);
    return Number(row?.["n"]);
  }
}

/** Steps that a daemon may take between seeing a run over its budget and asking it to stop. */
const PATIENCE_STEPS = 300;
/** Of runs that have used nothing yet: what is used or reserved below each limit, this run's reservation included. */
const CLAIMED = `
select r.id, b.scope, b.amount + coalesce((select sum(x.amount) from raises x where x.project = b.project
    and x.scope = b.scope and x.unit = b.unit and x.subject in (r.task, '', date(r.claimed_at / 1000, 'unixepoch'))), 0) as amount,
  coalesce((select s.amount from spend s where s.project = b.project and s.scope = b.scope and s.unit = b.unit
    and s.subject = case b.scope when 'task' then r.task else date(r.claimed_at / 1000, 'unixepoch') end), 0)
  + case b.unit when 'tokens' then (select sum(max(0, l.reserved_tokens - l.used_tokens)) from runs l
      where l.status in ('starting', 'running', 'exited') and (b.scope = 'day' or l.id = r.id)) else 0 end as used
from runs r join budgets b on b.project = r.project and b.scope in ('task', 'day')
where r.status = 'starting' and r.used_tokens = 0`;
const OVER = `
select r.id from runs r join budgets b on b.project = r.project and b.scope = 'run' and b.unit = 'tokens'
where r.status = 'running' and r.stop is null and r.used_tokens >= b.amount`;
const SPEND_GAPS = `
select count(*) n from (
  select task, sum(used_tokens) as used, count(*) as started from runs group by task
) as t
where t.used <> (select amount from spend where scope = 'task' and subject = t.task and unit = 'tokens')
   or t.started <> (select amount from spend where scope = 'task' and subject = t.task and unit = 'runs')`;
const FINISHED = `select 'run ' || id as id, status || ' at ' || finished_at as what from runs where finished_at is not null
  union all select 'job ' || id, status || ' at ' || finished_at from jobs where finished_at is not null`;
const USED = "select run, sum(input_tokens) n from usage group by run";
