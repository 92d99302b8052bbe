/**
 * All that may be wanted, and how it is done. A new kind is a line of `handlers/chat/wanted.ts`, and of the table of
 * its file here.
 */

import type { Told } from "../told.ts";
import type { Wanted } from "../wanted.ts";
import { ANSWERS } from "./answer.ts";
import { CHANGES } from "./change.ts";
import type { Acts, Hand } from "./hand.ts";
import { SHOWS } from "./show.ts";
import { outside } from "./within.ts";

/** Linking is none of these: it is done by whoever may do nothing else. */
type Kind = Exclude<Wanted["kind"], "link">;

const ACTS: Acts<Kind> = { ...CHANGES, ...ANSWERS, ...SHOWS };

/** @throws StoreFault when the API cannot work just now */
export async function act(hand: Hand, wanted: Exclude<Wanted, { kind: "link" }>): Promise<Told> {
  return (await outside(hand, wanted)) ?? actOf(wanted.kind)(hand, wanted);
}

function actOf<K extends Kind>(kind: K): (hand: Hand, wanted: Extract<Wanted, { kind: K }>) => Promise<Told> {
  return ACTS[kind];
}
