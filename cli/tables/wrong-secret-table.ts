/** Sources whose webhooks no secret proves genuine: the table of `status`. */

import type { ToldStatus } from "../answers/answers.ts";
import { ago, span } from "../phrases.ts";
import { renderTable, type Screen } from "../table.ts";

/** Webhooks that nobody listens to, because their secret is another. @param uptime seconds */
export function wrongSecretTable(
  wrong: NonNullable<ToldStatus["wrong_secrets"]>,
  uptime: number,
  screen: Screen,
): string {
  const columns = [
    { head: "SOURCE" },
    { head: "WRONG SECRET" },
    { head: "LAST" },
    { head: "WHAT TO DO", flexible: true },
  ];
  const rows = wrong.map(({ source, count, last_at: at }) => [
    ...[
      source,
      `${count}× since the start ${span(uptime * 1_000)} ago`,
      ago(at, screen.now),
      `compare the secret of the webhook with sources.${source}.secret`,
    ],
  ]);
  return renderTable(columns, rows, screen);
}
