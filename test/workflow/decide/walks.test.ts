/** Whatever happens to a task in whichever workflow: it is never stuck, never in two places, and comes to an end. */

import { test } from "node:test";
import { comesToAnEnd, neverStuck } from "./properties.ts";

/** `npm run sim -- --decide N` tries more. */
const CASES = 2_000;

test("I7, I11: random workflows and intents leave no task stuck, in two places, or in an illegal state, and replay the same", () => {
  neverStuck(CASES);
});

test("D1: a task in which every agent says the same for ever comes to an end all the same", () => {
  comesToAnEnd(CASES / 4);
});
