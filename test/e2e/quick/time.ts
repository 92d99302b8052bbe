/**
 * Time that goes faster, for daemon and hosts alike: what waits for seconds and minutes is seen through in a test. Only
 * clocks and timers are hurried; processes, files and git take as long as they take.
 */

import { type Clock, systemClock } from "../../../system/clock.ts";

export interface Pace {
  /** So many times as fast. */
  readonly times: number;
  /** When it began to be (ms since the epoch): both sides reckon from there. */
  readonly since: number;
}

const NAME = "CHARGEHAND_TEST_PACE";

export function hurried({ times, since }: Pace, at: number): number {
  return since + (at - since) * times;
}

/** For a host within the test's own process. */
export function quickClock(pace: Pace): Clock {
  const clock = systemClock();
  return {
    now: () => Math.floor(hurried(pace, clock.now())),
    monotonic: () => clock.monotonic() * pace.times,
    sleep: (ms, signal) => clock.sleep(ms / pace.times, signal),
  };
}

/** For a program that is started: what Node is to load first, and what tells it how fast. */
export function quickNode(pace: Pace): {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  return {
    argv: ["--import", new URL("./hurry.ts", import.meta.url).href],
    env: { [NAME]: JSON.stringify(pace) },
  };
}

/** @throws Error where nobody has said it */
export function paceOf(env: Readonly<Record<string, string | undefined>>): Pace {
  const { times, since }: Pace = JSON.parse(env[NAME] ?? "{}");
  if (!(times > 0 && since > 0)) throw new Error(`${NAME} says no pace`);
  return { times, since };
}
