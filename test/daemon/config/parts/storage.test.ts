/** Where the daemon keeps what it knows: what is refused. */

import { refuses } from "../refusals.ts";

refuses([
  { line: 1, text: "data_dri: x", path: "data_dri", says: /unknown key; did you mean "data_dir"\?/ },
  { line: 1, text: "data_dir: ''", path: "data_dir", says: /must not be empty/ },
  { line: 1, text: "data_dir: [x]", path: "data_dir", says: /must be text, not a list/ },
  { line: 1, text: "+database: mysql", path: "database", says: /must be sqlite/, at: 2 },
]);
