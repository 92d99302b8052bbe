/**
 * Whose trouble it is when the system says no in a task's own place: the task's, for something of its agent's lies in
 * the way; but what a machine is short of is the machine's (I16).
 */

import type { WorkspaceResult } from "../../forges/git/workspace.ts";
import { StoreFault } from "../../store/engine/engine.ts";

/** What a machine may be short of for a moment: that is nobody's fault, and passes. */
const SHORTAGES = ["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EROFS", "EIO"];

/** @throws what the machine is short of, and what is no system's error */
export async function orOwnTrouble<T>(work: () => Promise<WorkspaceResult<T>>): Promise<WorkspaceResult<T>> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error) || SHORTAGES.includes(String(error.code))) throw error;
    return { kind: "failed", reason: error.message };
  }
}

export function isSystemError(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && !(error instanceof StoreFault) && "code" in error;
}
