/** What comes of one try to merge. */

import type { MergeOutcome } from "../../workflow/decide/gates/merge-ended.ts";
import type { MergeWaitsFor } from "../../workflow/phases/merge.ts";

/** A try that may end with nothing decided. */
export type Tried =
  | MergeOutcome
  | { readonly kind: "delayed"; readonly reason: string }
  /** For as long as it takes: nobody has failed. */
  | { readonly kind: "waits"; readonly for: MergeWaitsFor; readonly reason: string };
