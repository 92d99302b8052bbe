/** What a later version will understand is refused with these words, so that nobody believes it to be in force. */

import { refuses } from "./refusals.ts";

refuses([
  {
    line: 1,
    text: "+database: postgres://h/d",
    path: "database",
    says: /PostgreSQL is not available in this version/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: matrix }]",
    path: "notify[0].channel",
    says: /not available in this version; use webhook or log/,
    at: 2,
  },
  { line: 4, text: "  gitlab: { secret: x }", path: "sources.gitlab", says: /not available in this version/ },
  {
    line: 4,
    text: "  generic:ci: { secret: x }",
    path: 'sources."generic:ci"',
    says: /not available in this version/,
  },
]);
