/** Places of sources that could not be asked what has happened there. */

import type { ToldStatus } from "../answers/answers.ts";
import { ago } from "../phrases.ts";
import { renderTable, type Screen } from "../table.ts";

export type Watched = NonNullable<ToldStatus["watched"]>;

/** Nothing where all is well. */
export function watchedTables(watched: Watched, screen: Screen): readonly string[] {
  const rows = watched.flatMap(({ source, place, faults, looked_at: at }) =>
    faults.map(({ what, reason }) => [
      `${source} ${place}`,
      what,
      at === null ? "not since the start" : ago(at, screen.now),
      reason,
    ]),
  );
  if (rows.length === 0) return [];
  const columns = [
    { head: "ASKED" },
    { head: "FOR" },
    { head: "LAST TIME" },
    { head: "WHY NOT NOW", flexible: true },
  ];
  return [renderTable(columns, rows, screen)];
}
