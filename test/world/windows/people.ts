/** People of a world of windows, who open and close schedules by hand, pause and resume, and keep books of it. */

import { EVERYTHING } from "../../../workflow/hold.ts";
import type { World } from "../world.ts";
import type { Books, Said } from "./books.ts";
import type { SimScheduler } from "./daemon.ts";
import { HOUR, PROJECTS, type Scene } from "./scene.ts";

const NEVER = Number.POSITIVE_INFINITY;
/** No window is longer, so no word that a daemon finds for itself lasts longer. */
const WINDOW_MS_MAX = 24 * HOUR;

export interface People {
  readonly world: World;
  readonly scene: Scene;
  readonly books: Books;
  readonly wall: () => number;
  /** One of the daemons that are up. */
  readonly daemon: () => SimScheduler | null;
}

export function subjectsOf({ known }: Scene): readonly string[] {
  return [EVERYTHING, ...PROJECTS.map(({ name }) => name), ...known.map(({ schedule }) => schedule.name)];
}

/** One of them says something now and then, until it is quiet. */
export function talk(people: People, untilMs: number): void {
  const { world, scene, wall } = people;
  const { prng } = world;
  const speak = (): void => {
    if (world.now > untilMs) return;
    world.at(prng.below(HOUR), -1, speak);
    const schedules = scene.known.map(({ schedule }) => schedule.name);
    const until = wall() + prng.below(5 * HOUR);
    if (prng.chance(1, 4)) {
      const subject = [EVERYTHING, "shop", "mill", "shop"][prng.below(4)] ?? EVERYTHING;
      const isPause = prng.chance(1, 2);
      const ends = prng.chance(1, 2) ? until : NEVER;
      say(people, subject, isPause ? { verdict: "paused", until: ends } : { verdict: "none", until: 0 });
      return;
    }
    const subject = schedules[prng.below(schedules.length)] ?? "early";
    const verdict = (["open", "closed", "open", "closed", "none"] as const)[prng.below(5)] ?? "none";
    say(people, subject, { verdict, until: verdict === "none" ? 0 : until });
  };
  speak();
}

/** What no time ends is ended by somebody. */
export function resumeAll(people: People): void {
  for (const subject of [EVERYTHING, "shop", "mill"]) say(people, subject, { verdict: "none", until: 0 });
}

function say({ world, books, wall, daemon }: People, subject: string, said: Said): void {
  const asked = daemon();
  if (asked === null) return;
  const entry = books.ask(subject, said, asked.owner);
  // What a crash limit has closed is opened by whoever clears it.
  const opened: Said = { verdict: "open", until: wall() + WINDOW_MS_MAX };
  const also = said.verdict === "none" ? books.ask(subject, opened, asked.owner) : null;
  world.note(`ask ${asked.owner}: ${subject} ${said.verdict} until ${said.until}`);
  asked.say(subject, said).then(
    (done) => {
      world.note(`done: ${subject} ${done.verdict}`);
      if (also !== null) also.overAt = world.now;
      books.confirm(entry, done);
    },
    () => undefined,
  );
}
