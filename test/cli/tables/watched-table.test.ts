/** Places that could not be asked, as the command line shows them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Watched, watchedTables } from "../../../cli/tables/watched-table.ts";

const SCREEN = { width: 120, now: Date.parse("2026-09-21T15:00:00Z") };
const WELL: Watched[number] = {
  ...{ source: "github", place: "acme/shop", projects: ["shop"], every_s: 600 },
  ...{ looked_at: "2026-09-21T14:00:00.000Z", faults: [] },
};

test("A13: what cannot be asked is told with the reason, and nothing where all is well", () => {
  assert.deepEqual(watchedTables([WELL], SCREEN), []);
  const faults = [{ what: "comments", reason: "GitHub answered 403: no", since: "2026-09-21T14:30:00.000Z" }];
  const [table = ""] = watchedTables(
    [
      { ...WELL, faults },
      { ...WELL, looked_at: null, faults },
    ],
    SCREEN,
  );
  assert.match(table, /github acme\/shop +comments +1h ago +GitHub answered 403: no/);
  assert.match(table, /not since the start/);
});
