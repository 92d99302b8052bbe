/** What somebody in a chat asks for, by a command or by a button: the same, however it was said. */

import type { Amount } from "./amount.ts";

export type Wanted =
  | { readonly kind: "new"; readonly project: string; readonly title: string; readonly body: string }
  | {
      readonly kind: "approve" | "reject" | "abort";
      readonly key: string;
      /** The approval that is answered; `null` for the one that is asked for now. */
      readonly approval: number | null;
      /** A rejection has one. */
      readonly because: string | null;
    }
  | {
      readonly kind: "answer";
      readonly key: string;
      /** `null` for the one that is open. */
      readonly question: number | null;
      /** Which of the choices, counted from 0; or words. */
      readonly said: number | string;
    }
  | { readonly kind: "say"; readonly key: string; readonly text: string }
  | { readonly kind: "cancel"; readonly key: string; readonly because: string | null }
  | { readonly kind: "retry" | "log" | "explain" | "task"; readonly key: string }
  | {
      readonly kind: "pause";
      /** A task or a project; `null` for everything. */
      readonly what: string | null;
      /** ms; `null` until somebody resumes. */
      readonly forMs: number | null;
      readonly because: string | null;
    }
  | { readonly kind: "resume" | "budget" | "tasks" | "schedule"; readonly what: string | null }
  | { readonly kind: "raise"; readonly what: string; readonly amount: Amount }
  | { readonly kind: "clear"; readonly account: string }
  | {
      readonly kind: "open" | "close";
      /** A schedule, or a project that has one. */
      readonly name: string;
      /** ms; `null` until it changes by itself. */
      readonly forMs: number | null;
    }
  /** @property what a project, or a task of it */
  | { readonly kind: "unfreeze"; readonly what: string; readonly because: string | null }
  | { readonly kind: "publish"; readonly key: string; readonly which: string | number | null }
  | { readonly kind: "stopall"; readonly isSure: boolean }
  | { readonly kind: "link"; readonly code: string }
  | { readonly kind: "status" | "help" };
