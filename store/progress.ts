/** Reports of runs at work. */

import type { Usage } from "../workflow/run.ts";

export interface RunProgress {
  readonly logOffset: number;
  /** JSON of the backend's transcript at that offset. */
  readonly transcript: string;
  readonly session: string | null;
  readonly model: string | null;
  /** `null` when it is what was written before. */
  readonly usage: readonly Usage[] | null;
  /** When the agent last said something (ms). */
  readonly activeAt: number;
}

export interface ProgressReport {
  readonly id: string;
  readonly progress: RunProgress;
}
