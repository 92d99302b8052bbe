/**
 * People of a simulated world who look at phases: they look at what is asked, think about it for a while, and answer
 * about exactly that; now and then one says something. Their own books say what they saw and what was confirmed.
 */

import type { Engine } from "../../../store/engine/engine.ts";
import type { Intent } from "../../../workflow/decide/decide.ts";
import { factsOf, type Project, type ProjectFacts } from "../../../workflow/project.ts";
import type { SimDaemon } from "../daemon.ts";
import type { World } from "../world.ts";

const MINUTE = 60_000;

export interface Answered {
  readonly task: string;
  /** Of the phase that they saw: its number in the task, and the artifact. */
  readonly seq: number;
  readonly artifact: string | null;
  readonly commit: string | null;
  readonly answer: "approve" | "reject" | "abort";
  readonly by: string;
}

export class Reviewers {
  /** Answers that a daemon has confirmed, and all that were ever given. */
  readonly confirmed: Answered[] = [];
  readonly given: Answered[] = [];
  /** Words that a daemon has confirmed, by task. */
  readonly said: { readonly task: string; readonly text: string }[] = [];
  /** Phases that somebody wanted a task to begin again with. */
  readonly retries: { readonly task: string; readonly from: string }[] = [];
  readonly #world: World;
  readonly #engine: Engine;
  readonly #daemon: () => SimDaemon | null;
  readonly #isBlind: boolean;
  readonly #projects: readonly Project[];
  #words = 0;

  constructor(
    world: World,
    engine: Engine,
    daemon: () => SimDaemon | null,
    projects: readonly Project[],
    isBlind: boolean,
  ) {
    this.#projects = projects;
    this.#world = world;
    this.#engine = engine;
    this.#daemon = daemon;
    this.#isBlind = isBlind;
  }

  begin(spanMs: number): void {
    const look = (): void => {
      void this.#look();
      this.#world.at(this.#world.prng.below(4 * MINUTE), -1, look);
    };
    look();
    const { prng } = this.#world;
    for (let left = 3 + prng.below(8); left > 0; left--)
      this.#world.at(prng.below(spanMs), -1, () => void this.#say());
    for (let left = prng.below(4); left > 0; left--)
      this.#world.at(spanMs / 4 + prng.below(spanMs), -1, () => void this.#retry());
  }

  async #look(): Promise<void> {
    const { prng } = this.#world;
    for (const row of await this.#engine.all(ASKED, [])) {
      const seen = { task: String(row["task"]), seq: Number(row["seq"]) };
      const [artifact, commit] = [hashOf(row["artifact"]), hashOf(row["commit_id"])];
      const answer = prng.chance(1, 5) ? "reject" : prng.chance(1, 30) ? "abort" : "approve";
      // Two may look at the same and say different things, and one may say it twice.
      for (let people = prng.chance(1, 2) ? 2 : 1; people > 0; people--) {
        const by = NAMES[prng.below(NAMES.length)] ?? "bob";
        const said = prng.chance(1, 5) ? "approve" : answer;
        this.#world.at(
          prng.below(5 * MINUTE),
          -1,
          () => void this.#answer({ ...seen, artifact, commit, answer: said, by }),
        );
      }
    }
  }

  async #answer(answered: Answered): Promise<void> {
    const { task, artifact, commit, answer } = answered;
    this.given.push(answered);
    const told = await this.#ask({
      ...{ kind: "answer_gate", ...this.#asked(task), answer, why: answer === "approve" ? null : "not so" },
      by: { kind: "cli", name: answered.by },
      artifact: this.#isBlind ? null : artifact,
      commit: this.#isBlind ? null : commit,
    });
    this.#world.note(`${answer} ${task} ${told ?? "unheard"}`);
    if (told === "done") this.confirmed.push(answered);
  }

  async #say(): Promise<void> {
    const rows = await this.#engine.all("select key from tasks where finished_at is null order by key", []);
    const row = rows[this.#world.prng.below(rows.length || 1)];
    if (row === undefined) return;
    const task = String(row["key"]);
    const text = `word-${++this.#words}`;
    const told = await this.#ask({ kind: "say", ...this.#asked(task), text, facts: this.#factsOf(task) });
    this.#world.note(`say ${task} ${text} ${told ?? "unheard"}`);
    if (told === "done") this.said.push({ task, text });
  }

  /** One that has failed begins again: where it stands, or with a phase that somebody names. */
  async #retry(): Promise<void> {
    const rows = await this.#engine.all(FAILED, []);
    const row = rows[this.#world.prng.below(rows.length || 1)];
    if (row === undefined) return;
    const task = String(row["key"]);
    const phases = await this.#engine.all("select distinct phase from phases where task = $1 order by seq", [
      task,
    ]);
    const from = phases[this.#world.prng.below(2 * phases.length || 1)]?.["phase"] ?? null;
    const named = from === null ? null : String(from);
    if (named !== null) this.retries.push({ task, from: named });
    const told = await this.#ask({ kind: "retry_task", ...this.#asked(task), from: named });
    this.#world.note(`retry ${task} from ${named} ${told ?? "unheard"}`);
  }

  #factsOf(task: string): ProjectFacts {
    const [first, ...others] = this.#projects.filter(({ prefix }) => task.startsWith(`${prefix}-`));
    if (first === undefined || others.length > 0) throw new Error(`${task} is of no project`);
    return factsOf(first);
  }

  #asked(task: string) {
    const key = `person:${this.#world.steps}:${this.#words}`;
    const by = { kind: "cli", name: "bob" } as const;
    return {
      project: task.startsWith("SHOP-") ? "shop" : "mill",
      by,
      key,
      because: "looked",
      target: { key: task },
    } as const;
  }

  /** Never settles when the daemon dies meanwhile, as a call to one that is gone. */
  async #ask(intent: Intent): Promise<string | undefined> {
    return this.#daemon()
      ?.ask(intent)
      .catch(() => "failed");
  }
}

const NAMES = ["bob", "carol", "dave"];
const FAILED = "select key from tasks where status in ('failed', 'cancelled') order by key";
const ASKED = "select task, seq, artifact, commit_id from approvals where status = 'pending' order by id";

function hashOf(value: unknown): string | null {
  return value === null ? null : String(value);
}
