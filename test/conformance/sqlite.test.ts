/** The store conformance suite on SQLite. */

import { openSqlite } from "../../store/engine/sqlite.ts";
import { exerciseStore } from "./store.ts";

exerciseStore("SQLite", () => openSqlite(":memory:"), [], 1_000);
