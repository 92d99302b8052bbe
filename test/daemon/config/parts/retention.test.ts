/** How long what is over is kept: what is refused. */

import { refuses } from "../refusals.ts";

refuses([
  { line: 1, text: "+retention: { runs: 2h }", path: "retention.runs", says: /must be 1d to 3650d/, at: 2 },
  {
    line: 1,
    text: "+retention: { events: never }",
    path: "retention.events",
    says: /must be a duration/,
    at: 2,
  },
]);
