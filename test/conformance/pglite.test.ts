/** The store conformance suite on PGlite. */

import { openPglite } from "./pglite.ts";
import { exerciseStore } from "./store.ts";

exerciseStore("PGlite", openPglite, [], 30);
