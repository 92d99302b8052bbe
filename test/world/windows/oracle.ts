/**
 * What must be true of windows, whatever strikes: judged by the slow reference's starts, and by the books of the
 * people.
 *
 * W1. Nothing is claimed outside every window, by the clock of who claims; nor below a pause, whatever is open.
 * W2. When nothing strikes any more, nothing waits inside an open window without a hold of another kind, and what waits
 *     outside has a hold that says when it opens.
 * W3. What runs is asked to stop where the windows say so, and nowhere else.
 * W4. What begins in a window is played by its agent, or by that of another one that is open.
 */

import type { Engine, Row } from "../../../store/engine/engine.ts";
import { EVERYTHING } from "../../../workflow/hold.ts";
import { Broken } from "../oracle.ts";
import type { Books, Entry, Said } from "./books.ts";
import { DAY_AGENT, HOUR, type Known, PROJECTS, type Scene } from "./scene.ts";

const MINUTE = 60_000;
/** The longest nap of a scheduler and a claimer, and a disk that takes its time. */
const SETTLE_MS = 3 * MINUTE;
/** After a crash a window rests for no longer. */
const REST_MS_MAX = 31 * MINUTE;

const NEW_RUNS = "select seq, id, project, agent, claimed_at from runs where seq > $1 order by seq";

export interface Seen {
  readonly wall: number;
  /** The latest that the clock on the wall has shown. */
  readonly latest: number;
  /** The world's own time. */
  readonly now: number;
}

/** What a daemon wants closed, and when that was seen, in the world's own time. */
interface Closing {
  readonly asked: Entry;
  readonly at: number;
}

/** A look whose disk takes its time, and less than the slow one among the planted bugs. */
const LOOK_MS = 4_000;

export class WindowChecks {
  readonly #engine: Engine;
  readonly #scene: Scene;
  readonly #books: Books;
  /** The runs up to this number have been looked at. */
  #checked = 0;
  readonly #limits: Set<string> = new Set();
  /** What daemons are about to close. */
  #closing: readonly Closing[] = [];
  /** By project and what may not go on for long, since when it does. */
  readonly #since: Map<string, number> = new Map();

  constructor(engine: Engine, scene: Scene, books: Books) {
    this.#engine = engine;
    this.#scene = scene;
    this.#books = books;
  }

  /**
   * After each step that wrote something.
   *
   * @param begun when the claim of a run was begun, in the world's own time; what was said before may not be known yet
   */
  async check({ latest, now }: Seen, begun: (run: string) => number): Promise<void> {
    await this.#seeLimits(now);
    for (const row of await this.#engine.all(NEW_RUNS, [this.#checked])) {
      const [run, project, at] = [String(row["id"]), String(row["project"]), Number(row["claimed_at"])];
      this.#checked = Number(row["seq"]);
      const from = begun(run);
      const open = this.#of(project).filter((known) =>
        this.#books.possible(known.schedule.name, from, now).some((said) => isOpenBy(known, said, at)),
      );
      const players = open.map(({ schedule }) => schedule.agent ?? DAY_AGENT);
      if (open.length > 0 && !players.includes(String(row["agent"])))
        throw new Broken(
          `W4: run ${run} of ${project} is played by ${row["agent"]}, in a window of ${players}`,
        );
      if (open.length === 0 && this.#of(project).length > 0)
        throw new Broken(`W1: run ${run} of ${project} was claimed at ${iso(at)}, outside its windows`);
      for (const subject of [EVERYTHING, project])
        if (this.#books.possible(subject, from, now).every((said) => isPaused(said, latest)))
          throw new Broken(`W1: run ${run} of ${project} was claimed while ${subject} is paused`);
    }
  }

  /** What a daemon says by itself stands in the rows; that it may say so is looked at here. */
  async #seeLimits(now: number): Promise<void> {
    for (const row of await this.#engine.all("select * from overrides where cause = 'crash_limit'", [])) {
      const [name, since] = [String(row["schedule"]), Number(row["since"])];
      if (this.#limits.has(`${name} ${since}`)) continue;
      this.#limits.add(`${name} ${since}`);
      const known = this.#scene.known.find(({ schedule }) => schedule.name === name);
      const limit = known?.schedule.crashLimit ?? 0;
      const crashes = await this.#crashes(known?.schedule.projects ?? []);
      if (limit === 0 || crashes.length < limit)
        throw new Broken(`B6: ${name} was closed after ${crashes.length} crashes, and its limit is ${limit}`);
      const said = { verdict: "closed", until: Number(row["until"]) } as const;
      this.#closing = [...this.#closing, { asked: this.#books.ask(name, said, -1), at: now }];
    }
    // What a daemon says is in force with the rows of projects, which the same look writes next.
    for (const { asked } of this.#closing.filter(({ at }) => now - at > LOOK_MS)) this.#books.confirm(asked);
    this.#closing = this.#closing.filter(({ at }) => now - at <= LOOK_MS);
  }

  /** Now and then, when nothing strikes any more. */
  async checkQuiet(seen: Seen): Promise<void> {
    for (const { name, concurrency } of PROJECTS) await this.#settled(name, concurrency, seen);
  }

  async #settled(project: string, concurrency: number, { wall, latest, now }: Seen): Promise<void> {
    const known = this.#of(project);
    const judged = known.map((one) => ({ one, said: this.#sure(one.schedule.name, now) }));
    const isSure = judged.every(({ said }) => said !== null);
    const open = judged.filter(({ one, said }) => said !== null && isOpenBy(one, said, wall));
    const isOpen = known.length === 0 || open.length > 0;
    const isFree = [EVERYTHING, project].every((subject) =>
      this.#books.possible(subject, now, now).every((said) => !isPaused(said, latest)),
    );
    const holds = await this.#engine.all(
      "select kind, until, reason from wide_holds where scope = 'project' and subject = $1 and kind <> 'pause'",
      [project],
    );
    const rests = holds.some(
      (hold) => hold["kind"] === "crash_limit" && Number(hold["until"]) - wall <= REST_MS_MAX,
    );
    const slots = open.map(({ one }) => one.schedule.concurrency ?? concurrency);
    const waits = await this.#waits(project, slots.length === 0 ? concurrency : Math.max(...slots));
    const tooLong = (what: string, is: boolean, why: string): void => {
      const key = `${project} ${what}`;
      if (!is) this.#since.delete(key);
      const since = this.#since.get(key) ?? now;
      if (is) this.#since.set(key, since);
      if (is && now - since >= SETTLE_MS) throw new Broken(`${why} (${project}, ${iso(wall)})`);
    };
    const said = JSON.stringify(holds);
    tooLong(
      "held",
      isSure && isOpen && holds.length > 0 && !rests,
      `W2: held inside an open window by ${said}`,
    );
    tooLong("waits", isSure && isOpen && isFree && waits && !rests, "W2: a job waits inside an open window");
    tooLong("unheld", isSure && !isOpen && holds.length === 0, "W2: closed, and no hold says so");
    const opens = isSure && !isOpen ? nextOpening(judged, wall) : null;
    const isWrong = opens !== null && holds.length > 0 && holds.every((hold) => hold["until"] !== opens);
    tooLong("told", isWrong, `W2: it opens ${opens === null ? "" : iso(opens)}, and is told ${said}`);
    await this.#stops(project, isSure, isOpen, tooLong);
  }

  /** W3. */
  async #stops(
    project: string,
    isSure: boolean,
    isOpen: boolean,
    tooLong: (what: string, is: boolean, why: string) => void,
  ): Promise<void> {
    const known = this.#of(project);
    const always = known.length > 0 && known.every(({ schedule }) => schedule.onClose === "stop");
    const never = known.every(({ schedule }) => schedule.onClose === "drain");
    const runs = await this.#engine.all("select stop from runs where project = $1 and finished_at is null", [
      project,
    ]);
    const isAsked = runs.some((row) => row["stop"] === "window");
    if (never && isAsked)
      throw new Broken(`W3: a run of ${project} was asked to stop, and its windows drain`);
    const goesOn = runs.some((row) => row["stop"] === null);
    tooLong("runs", isSure && !isOpen && always && goesOn, "W3: a run goes on after its window has closed");
  }

  async #waits(project: string, slots: number): Promise<boolean> {
    const [row] = await this.#engine.all(
      `select (select count(*) from jobs j where j.project = $1 and j.status = 'queued' and not exists (
         select 1 from runs r where r.task = j.task and r.finished_at is null)) as queued,
       (select count(*) from runs where project = $1 and finished_at is null) as live`,
      [project],
    );
    return Number(row?.["queued"]) > 0 && Number(row?.["live"]) < slots;
  }

  /** The one thing that can be true of a subject now, or `null`. */
  #sure(subject: string, now: number): Said | null {
    const [said, ...others] = this.#books.possible(subject, now, now);
    return said !== undefined && others.length === 0 ? said : null;
  }

  async #crashes(projects: readonly string[]): Promise<readonly Row[]> {
    const rows = await this.#engine.all(
      "select project, finished_at from runs where failure = 'crashed'",
      [],
    );
    return rows.filter((row) => projects.includes(String(row["project"])));
  }

  #of(project: string): readonly Known[] {
    return this.#scene.known.filter(({ schedule }) => schedule.projects?.includes(project));
  }
}

/** An override takes the place of the schedule's own times until it ends. */
function isOpenBy({ schedule, starts }: Known, { verdict, until }: Said, wall: number): boolean {
  if (wall < until && (verdict === "open" || verdict === "closed")) return verdict === "open";
  return starts.some((start) => start <= wall && wall < start + schedule.durationMs);
}

/** A pause whose time has come is over, also when the clock is set back. */
function isPaused({ verdict, until }: Said, latest: number): boolean {
  return verdict === "paused" && latest < until;
}

/** When the first schedule opens after an instant at which all are closed; `null` when that is far. */
function nextOpening(
  judged: readonly { readonly one: Known; readonly said: Said | null }[],
  wall: number,
): number | null {
  const openings = judged.flatMap(({ one, said }) => {
    if (said === null) return [];
    const edges = [...one.starts, said.until].filter((at) => at > wall && isOpenBy(one, said, at));
    return edges.length === 0 ? [] : [Math.min(...edges)];
  });
  const first = Math.min(...openings);
  return first - wall < 24 * HOUR ? first : null;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
