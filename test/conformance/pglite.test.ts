import { openPglite } from "./pglite.ts";
import { exerciseStore } from "./store.ts";

exerciseStore("PGlite", openPglite, [], 30);
