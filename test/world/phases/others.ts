/**
 * Others of a simulated world of phases, with books of their own: who answers what agents ask, CI, which tells of
 * commits early, late, twice and of the wrong one, and who freezes the repository and lets it go again.
 */

import type { Engine } from "../../../store/engine/engine.ts";
import type { CheckStatus } from "../../../workflow/phases/ci.ts";
import type { SimDaemon } from "../daemon.ts";
import type { World } from "../world.ts";

const MINUTE = 60_000;

export interface AnsweredForm {
  readonly task: string;
  readonly question: number;
  readonly way: string;
}

export class Others {
  /** Answers that a daemon has confirmed. */
  readonly confirmed: AnsweredForm[] = [];
  /** All secrets that were ever given. */
  readonly secrets: string[] = [];
  /** When freezes were confirmed, and when somebody asked for their end. */
  readonly freezes: { readonly from: number; until: number }[] = [];
  /** Commits whose checks somebody has said are good. */
  readonly good: Set<string> = new Set();
  readonly #world: World;
  readonly #engine: Engine;
  readonly #daemon: () => SimDaemon | null;
  #told = 0;

  constructor(world: World, engine: Engine, daemon: () => SimDaemon | null) {
    this.#world = world;
    this.#engine = engine;
    this.#daemon = daemon;
  }

  begin(spanMs: number): void {
    const { prng } = this.#world;
    const look = (): void => {
      void this.#lookAtQuestions();
      void this.#lookAtCommits();
      this.#world.at(prng.below(4 * MINUTE), -1, look);
    };
    look();
    for (let left = prng.below(3); left > 0; left--)
      this.#world.at(prng.below(spanMs / 2), -1, () => void this.#freeze());
    // Whoever looks after things lets go what a verdict has frozen, too.
    const lookAfter = (): void => {
      void this.#thaw();
      this.#world.at(6 * MINUTE, -1, lookAfter);
    };
    this.#world.at(spanMs / 2, -1, lookAfter);
  }

  async #lookAtQuestions(): Promise<void> {
    const { prng } = this.#world;
    for (const row of await this.#engine.all(OPEN, [])) {
      const [task, question] = [String(row["task"]), Number(row["id"])];
      // Somebody looks away now and then, so that some expire; two may answer, each in a way of their own.
      for (let people = prng.below(3); people > 0; people--) {
        const way = prng.chance(1, 12) ? "neither" : prng.chance(1, 2) ? "left" : "right";
        const secret = String(row["form"]).includes('"secret"') ? `hush-${++this.#told}-${prng.u32()}` : null;
        if (secret !== null) this.secrets.push(secret);
        const given = { way, ...(secret !== null && { key: secret }) };
        this.#world.at(prng.below(4 * MINUTE), -1, () => void this.#answer({ task, question, way }, given));
      }
    }
  }

  async #answer(form: AnsweredForm, given: Readonly<Record<string, string>>): Promise<void> {
    const key = `answer:${form.question}:${++this.#told}`;
    const by = { kind: "cli", name: `eve${this.#told % 3}` } as const;
    const told = await this.#daemon()
      ?.answer({ ...form, by, key, given })
      .catch(() => "failed");
    this.#world.note(`answer ${form.task} ${form.question} ${form.way} ${told ?? "unheard"}`);
    if (told === "done") this.confirmed.push(form);
  }

  async #lookAtCommits(): Promise<void> {
    const { prng } = this.#world;
    for (const row of await this.#engine.all(COMMITS, [])) {
      const [task, commit] = [String(row["task"]), String(row["commit_id"])];
      if (!prng.chance(2, 3)) continue;
      const status: CheckStatus = prng.chance(1, 4) ? "failure" : prng.chance(1, 6) ? "pending" : "success";
      const meant = prng.chance(1, 8) ? `other-${commit}` : commit;
      for (let times = prng.chance(1, 3) ? 2 : 1; times > 0; times--)
        this.#world.at(prng.below(3 * MINUTE), -1, () => void this.#report(task, meant, status));
    }
  }

  async #report(task: string, commit: string, status: CheckStatus): Promise<void> {
    const who = { project: "shop", by: { kind: "api", name: "ci" }, because: "ended" } as const;
    const key = `ci:${commit}:${status}:${this.#told++ % 3}`;
    const checks = [{ name: "test", status, url: null, summary: status === "failure" ? "red" : null }];
    if (status === "success") this.good.add(commit);
    const told = await this.#daemon()
      ?.ask({ kind: "report_ci", ...who, key, target: { key: task }, commit, checks })
      .catch(() => "failed");
    this.#world.note(`ci ${task} ${commit} ${status} ${told ?? "unheard"}`);
  }

  async #freeze(): Promise<void> {
    const key = `freeze:${++this.#told}`;
    const done = await this.#daemon()
      ?.freeze({ project: this.#eitherProject(), by: "ann", because: "it burns", key })
      .catch(() => false);
    this.#world.note(`freeze ${done ?? "unheard"}`);
    if (done) this.freezes.push({ from: this.#world.now, until: Number.POSITIVE_INFINITY });
  }

  async #thaw(): Promise<void> {
    for (const freeze of this.freezes) freeze.until = Math.min(freeze.until, this.#world.now);
    const key = `thaw:${++this.#told}`;
    const done = await this.#daemon()
      ?.thaw({ project: this.#eitherProject(), by: "ann", because: "it is out", key })
      .catch(() => false);
    this.#world.note(`thaw ${done ?? "unheard"}`);
  }

  /** Both work on the same. */
  #eitherProject(): string {
    return this.#world.prng.chance(1, 2) ? "shop" : "mill";
  }
}

const OPEN = "select id, task, form from questions where status = 'open' order by id";
/** What is waited for, and what was published before: CI may be late. */
const COMMITS = `
select task, commit_id from ci_waits where commit_id is not null and status in ('pending', 'passed') order by task, seq`;
