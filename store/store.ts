/**
 * The store: all rows, all SQL. One small interface per noun; every method is one verb and one transaction (I3).
 *
 * Time is always a parameter. A lost race is an ordinary answer, not an exception.
 */

import type { createStore } from "./build.ts";

/** Its parts are those that `build.ts` puts together. */
export type Store = Readonly<ReturnType<typeof createStore>>;
