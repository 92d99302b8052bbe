/**
 * What must be true of paces, whatever strikes: judged by the world's own books of what was reported, and by the rows
 * of runs.
 *
 * P1. Nothing is claimed while more is used than the line allows, so far as that was known a while ago: what starts
 *     before anybody has looked is overshot, and waited for afterwards.
 * P2. When nothing strikes any more, nothing waits below the line.
 */

import type { Engine } from "../../../store/engine/engine.ts";
import { LONE_LIMIT_MS } from "../../../workflow/limits.ts";
import { Broken } from "../oracle.ts";

const MINUTE = 60_000;
export const PERIOD_MS: number = 300 * MINUTE;
/** The longest nap of the loop, a ring that is not heard, and a disk that takes its time. */
const LAG_MS = 2 * MINUTE;
/** The longest naps of the loop and of the claim, one after the other. */
const SETTLE_MS = 4 * MINUTE;
/** A clock of a service may be ahead by ten minutes; and when that is so by time alone, somebody has to look first. */
const SLACK_MS = 10 * MINUTE - LAG_MS;
const AHEAD = 0.05;
/** So long after a claim has looked at the clock it may come to the disk. */
const DISK_MS = 20_000;

export interface PaceScene {
  /** Of a whole period. */
  readonly ceiling: number;
  /** So many runs are a whole period; `null` where the program reports it. */
  readonly capacity: number | null;
  readonly concurrency: number;
}

/** A report as the rows had it; that a row goes away says nothing, because nobody here forgets. */
interface Reported {
  readonly task: string;
  readonly used: number;
  readonly resetsAt: number;
  /** By the clock on the wall of who wrote it down. */
  readonly at: number;
  /** In the world's own time. */
  readonly seenAt: number;
}

interface Begun {
  readonly at: number;
  readonly seenAt: number;
}

export class PaceChecks {
  readonly #engine: Engine;
  readonly #scene: PaceScene;
  readonly #books: Reported[] = [];
  readonly #begun: Begun[] = [];
  #checked = 0;
  /** The world's own time of the last jump of the clock, or of the last waking. */
  #shakenAt: number = Number.NEGATIVE_INFINITY;
  #waitsSince: number | null = null;
  /** Claims that the line was near to, so that a world in which nothing is judged is noticed. */
  judged = 0;

  constructor(engine: Engine, scene: PaceScene) {
    this.#engine = engine;
    this.#scene = scene;
  }

  shaken(now: number): void {
    this.#shakenAt = Math.max(this.#shakenAt, now);
  }

  /** P1, after each step that wrote something. */
  async check(now: number): Promise<void> {
    await this.#read(now);
    const rows = await this.#engine.all("select seq, id, claimed_at from runs where seq > $1 order by seq", [
      this.#checked,
    ]);
    for (const row of rows) {
      this.#checked = Number(row["seq"]);
      const at = Number(row["claimed_at"]);
      const isSettled = now - this.#shakenAt > LAG_MS;
      if (isSettled && this.#views(now - LAG_MS, now).every((view) => this.#isOver(view, at + DISK_MS)))
        throw new Broken(`P1: run ${String(row["id"])} was claimed at ${iso(at)}, over its pace`);
      if (isSettled) this.judged += 1;
      this.#begun.push({ at, seenAt: now });
    }
  }

  async #read(now: number): Promise<void> {
    const [row] = await this.#engine.all("select * from pace_reports", []);
    if (row === undefined) return;
    const [task, used] = [String(row["task"]), Number(row["used_ppm"]) / 1e6];
    const [resetsAt, at] = [Number(row["resets_at"]), Number(row["reported_at"])];
    const last = this.#books.at(-1);
    if (last?.task === task && last.at === at && last.used === used && last.resetsAt === resetsAt) return;
    this.#books.push({ task, used, resetsAt, at, seenAt: now });
  }

  /** P2, once a minute when nothing strikes any more. */
  async checkQuiet(now: number, wall: number): Promise<void> {
    const [row] = await this.#engine.all(
      `select (select count(*) from jobs j where j.status = 'queued' and not exists (
         select 1 from runs r where r.task = j.task and r.finished_at is null)) as queued,
       (select count(*) from runs where finished_at is null) as live`,
      [],
    );
    const waits = Number(row?.["queued"]) > 0 && Number(row?.["live"]) < this.#scene.concurrency;
    const isUnder = this.#views(now - LAG_MS, now).every((view) => !this.#isOver(view, wall));
    if (!waits || !isUnder) this.#waitsSince = null;
    else this.#waitsSince ??= now;
    if (this.#waitsSince !== null && now - this.#waitsSince >= SETTLE_MS)
      throw new Broken(`P2: a job waits below the line (${iso(wall)})`);
  }

  /** What may have been known at some instant between two, of the world's own time. */
  #views(from: number, to: number): readonly number[] {
    const changes = this.#books.map(({ seenAt }) => seenAt);
    return [from, ...changes.filter((at) => at > from && at <= to), to];
  }

  #isOver(view: number, at: number): boolean {
    const { capacity } = this.#scene;
    return capacity === null ? this.#isReportedOver(view, at) : this.#isCountedOver(capacity, view, at);
  }

  #isCountedOver(capacity: number, view: number, at: number): boolean {
    const from = Math.floor(at / PERIOD_MS) * PERIOD_MS;
    const runs = this.#begun.filter((run) => run.seenAt <= view && run.at >= from);
    return runs.length / capacity >= this.#line(from, at);
  }

  /** One task's word counts for half an hour, and what two have said of the same period as far as the lower goes. */
  #isReportedOver(view: number, at: number): boolean {
    const known = this.#books.filter(({ seenAt }) => seenAt <= view);
    const latest = known.at(-1);
    const other = known.findLast(({ task }) => task !== latest?.task);
    const over = [latest, other].flatMap((word) =>
      word !== undefined && this.#isOverBy(word, at) ? [word] : [],
    );
    const [one, two] = over;
    const isBoth =
      one !== undefined && two !== undefined && Math.abs(one.resetsAt - two.resetsAt) <= SLACK_MS;
    return isBoth || over.some((word) => at < word.at + LONE_LIMIT_MS);
  }

  #isOverBy({ resetsAt, used }: Reported, at: number): boolean {
    const from = resetsAt - PERIOD_MS;
    return at < resetsAt && from <= at + SLACK_MS && used >= this.#line(from, at);
  }

  #line(from: number, at: number): number {
    return this.#scene.ceiling * Math.min(1, Math.max(0, at - from) / PERIOD_MS + AHEAD);
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
