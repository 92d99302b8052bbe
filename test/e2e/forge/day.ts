/**
 * A day of the circle: what becomes of webhooks, how often sources are asked, what hosts do wrong, and when the daemon
 * is killed. Drawn from a seed, and pure: the same seed is the same day; when each of it meets a call is real timing.
 */

import type { z } from "zod";
import type { POST } from "../../../cli/stage/fake-host/courier.ts";
import { FAULT_KINDS, type FaultKind, type FaultRule } from "../../../cli/stage/fake-host/faults.ts";
import { Prng } from "../../world/world.ts";
import { atWrites, type Kills } from "./kills.ts";

export const CIRCLES = ["github", "plane"] as const;
export type Circle = (typeof CIRCLES)[number];

/** What becomes of webhooks, by name; times are those of the hosts. `none`: nobody was told of the daemon. */
export const POSTS = {
  all: {},
  none: { lost: 1 },
  lost: { lost: 1 },
  some: { lost: 0.5 },
  late: { delayMs: 20_000, shuffled: true },
  twice: { twice: 1, delayMs: 8_000, shuffled: true },
} as const satisfies Readonly<Record<string, z.input<typeof POST>>>;
export type Post = keyof typeof POSTS;

export interface Day {
  readonly seed: number;
  readonly circle: Circle;
  readonly post: Post;
  /** How often sources are asked; `null`: as seldom as they are where webhooks come. */
  readonly poll: string | null;
  /** How many calls of a hundred meet each kind of fault, and how many meet it at most. */
  readonly faults: { readonly percent: number; readonly times: number } | null;
  readonly kills: Kills | null;
  /** Whether it is killed when a branch has moved, too. */
  readonly isKilledAtPushes: boolean;
}

const QUIET = { poll: "10s", faults: null, kills: null, isKilledAtPushes: false } as const;

/** Of so many writes one is met by a kill: see {@link Kills}. */
const EVERY = 6;

/** Days with one thing each that is not as it should be. */
export const PLAIN_DAYS = {
  none: { ...QUIET, post: "none" },
  lost: { ...QUIET, post: "lost" },
  racing: { ...QUIET, post: "all" },
  late: { ...QUIET, post: "late" },
  twice: { ...QUIET, post: "twice" },
  faults: { ...QUIET, post: "all", faults: { percent: 2, times: 2 } },
  killed: { ...QUIET, post: "all", kills: { when: "after", every: EVERY, skip: 0 } },
} as const satisfies Readonly<Record<string, Omit<Day, "seed" | "circle">>>;

export function drawDay(seed: number, circle: Circle): Day {
  const prng = new Prng(Math.imul(seed + 1, 0x9e3779b1) ^ (circle === "plane" ? 0x5bd1e995 : 0));
  const post = one<Post>(prng, ["all", "none", "lost", "some", "late", "twice"]);
  const isBad = prng.chance(2, 3);
  const isKilled = prng.chance(1, 2);
  const isKilledAtPushes = prng.chance(1, 3);
  const isNeeded =
    post === "none" || post === "lost" || post === "some" || isBad || isKilled || isKilledAtPushes;
  return {
    ...{ seed, circle, post, isKilledAtPushes },
    poll: isNeeded ? one(prng, ["10s", "10s", "30s"]) : one(prng, [null, "10s"]),
    faults: isBad
      ? one(prng, [
          { percent: 1, times: 4 },
          { percent: 2, times: 2 },
          { percent: 4, times: 3 },
        ])
      : null,
    kills: isKilled ? drawKills(prng) : null,
  };
}

/** Days on which together the daemon is killed at each write of a circle, before it is done and after. */
export function killDays(circle: Circle): readonly Day[] {
  return (["after", "before"] as const).flatMap((when) =>
    Array.from({ length: EVERY }, (_, skip) => {
      const kills = { when, every: EVERY, skip };
      return { ...PLAIN_DAYS.killed, circle, seed: skip + 1, kills };
    }),
  );
}

function drawKills(prng: Prng): Kills {
  const every = 4 + prng.below(5);
  return { when: one(prng, ["before", "after"]), every, skip: prng.below(every) };
}

function one<T>(prng: Prng, of: readonly [T, ...T[]]): T {
  return of[prng.below(of.length)] ?? of[0];
}

/** Kills come first: what else would strike there strikes at the next such call. */
export function rulesOf({ faults, kills }: Day): readonly FaultRule[] {
  const bad =
    faults === null
      ? []
      : FAULT_KINDS.map((kind) => ({
          kind,
          odds: faults.percent / 100,
          times: isLong(kind) ? 1 : faults.times,
        }));
  return [...(kills === null ? [] : [atWrites(kills)]), ...bad];
}

/** A pause of minutes. */
function isLong(kind: FaultKind): boolean {
  return kind.endsWith("_bare");
}

/** For people. */
export function tellDay({ post, poll, faults, kills, isKilledAtPushes }: Day): string {
  return [
    `webhooks ${post}`,
    `asked ${poll === null ? "seldom" : `every ${poll}`}`,
    faults === null ? "no faults" : `faults ${faults.percent} % ×${faults.times}`,
    kills === null ? "no kills" : `killed ${kills.when} write ${kills.skip + 1} and every ${kills.every}th`,
    ...(isKilledAtPushes ? ["killed at pushes"] : []),
  ].join(", ");
}
