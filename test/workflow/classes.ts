/** The classes of failures, and budgets for trying again. */

import { FAULTS, type FailureClass } from "../../workflow/faults.ts";
import type { RetryCounters } from "../../workflow/retry.ts";

export const CLASSES = Object.keys(FAULTS) as FailureClass[];

export const NONE: RetryCounters = { attempts: 0, transients: 0, interruptions: 0, repairs: 0 };

export const BUDGET = { attempts: 3, transients: 10, interruptions: 5, repairs: 2 };
