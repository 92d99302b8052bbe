/** Bugs in windows for the oracle to find, each of which takes one promise out of the scheduler or of its store. */

import type { Store } from "../../../store/store.ts";
import type { Schedule } from "../../../workflow/windows/schedule.ts";

export interface WindowPlant {
  /** Times of the day are those of UTC. */
  readonly utc?: boolean;
  /** What a person has said is forgotten when a daemon starts. */
  readonly forgetsOverrides?: boolean;
  /** Whoever opens a schedule by hand ends pauses. */
  readonly weakPause?: boolean;
  /** A window closes when somebody looks, and not by time alone. */
  readonly openEnd?: boolean;
  /** What a person has closed lasts for ever. */
  readonly everClosed?: boolean;
  /** How projects stand is written whatever was said since it was judged. */
  readonly looksLate?: boolean;
  /** Whoever plays in one window plays in all. */
  readonly anyAgent?: boolean;
}

const LATE_MS = 45_000;
const CLOSING_MS = 60_000;

export const WINDOW_PLANTS: Readonly<Record<string, WindowPlant>> = {
  "UTC instead of the zone": { utc: true },
  "override lost at a restart": { forgetsOverrides: true },
  "pause weaker than an override": { weakPause: true },
  "windows that close when somebody looks": { openEnd: true },
  "an override without an end": { everClosed: true },
  "a slow look that undoes what was said": { looksLate: true },
  "a window with the agent of another": { anyAgent: true },
};

export function configuredBy(schedules: readonly Schedule[], { utc }: WindowPlant): readonly Schedule[] {
  return utc === true ? schedules.map((one) => ({ ...one, timezone: "UTC" })) : schedules;
}

/** What happens before a daemon looks for the first time. */
export async function atStart({ windows }: Store, { forgetsOverrides }: WindowPlant): Promise<void> {
  if (forgetsOverrides !== true) return;
  for (const { schedule } of await windows.overrides()) await windows.clearOverride(schedule);
}

/** The store with what is planted in it. */
export function plantedWindows(
  store: Store,
  plant: WindowPlant,
  delay: (ms: number) => Promise<void>,
): Store {
  const { windows, holds } = store;
  type Windows = typeof windows;
  return {
    ...store,
    windows: {
      ...windows,
      ...(plant.weakPause === true && {
        override: async (...[override]: Parameters<Windows["override"]>): Promise<void> => {
          await windows.override(override);
          for (const { scope, subject, kind } of override.verdict === "open" ? await holds.wide() : [])
            if (kind === "pause") await holds.clear(scope, subject, kind);
        },
      }),
      ...(plant.everClosed === true && {
        override: (...[override]: Parameters<Windows["override"]>): Promise<void> =>
          windows.override({ ...override, until: override.until + 100 * 86_400_000 }),
      }),
      ...(plant.anyAgent === true && {
        stand: (...[standings, now, asOf]: Parameters<Windows["stand"]>): Promise<boolean> =>
          windows.stand(
            standings.map((one) =>
              one.stretch === null ? one : { ...one, stretch: { ...one.stretch, agent: "night" } },
            ),
            now,
            asOf,
          ),
      }),
      ...(plant.looksLate === true && {
        stand: async (...[standings, now]: Parameters<Windows["stand"]>): Promise<boolean> => {
          await delay(LATE_MS);
          return windows.stand(standings, now, await windows.said());
        },
      }),
      ...(plant.openEnd === true && {
        stand: async (...[standings, now, asOf]: Parameters<Windows["stand"]>): Promise<boolean> => {
          // Whoever closes takes its time, which does no harm to windows that close by time alone.
          if (standings.some(({ hold }) => hold !== null)) await delay(CLOSING_MS);
          const open = standings.map((one) => {
            const { stretch } = one;
            return stretch === null
              ? one
              : { ...one, stretch: { ...stretch, until: stretch.until + 86_400_000 } };
          });
          return windows.stand(open, now, asOf);
        },
      }),
    },
  };
}
