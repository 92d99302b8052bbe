/** All machines in one list: what each of them must keep, and what is drawn (`docs/states.md`). */

import { messageMoves } from "../../workflow/chat/message.ts";
import { keptMoves } from "../../workflow/kept.ts";
import { ciMoves } from "../../workflow/phases/ci.ts";
import { mergeMoves } from "../../workflow/phases/merge.ts";
import { pullMoves } from "../../workflow/phases/pull.ts";
import { approvalMoves, phaseMoves, questionMoves } from "../../workflow/phases/states.ts";
import { deliveryMoves, jobMoves, outboxMoves, runMoves, taskMoves } from "../../workflow/states.ts";

type Words = "final" | "timed" | "begins" | "statuses" | "live" | "inUse";

/** Every machine, in the order of DESIGN §6. */
export const MACHINES: readonly (Readonly<Record<Words, readonly string[]>> & {
  readonly name: string;
  readonly initial: string;
  readonly later: Readonly<Record<string, string>>;
  readonly meaning: Readonly<Record<string, string>>;
  readonly edges: readonly { readonly move: string; readonly from: string; readonly to: string }[];
})[] = [
  deliveryMoves,
  taskMoves,
  phaseMoves,
  jobMoves,
  runMoves,
  approvalMoves,
  ciMoves,
  mergeMoves,
  pullMoves,
  questionMoves,
  messageMoves,
  outboxMoves,
  keptMoves,
];
