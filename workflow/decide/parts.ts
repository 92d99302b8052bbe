/** The parts that decisions are put together from. */

import type { Asked, TaskTarget } from "../intent.ts";
import type { About, Decision } from "./decision.ts";

/** What everybody who names a task asks about. */
export function aboutTask({ project, target, key }: Asked & { readonly target: TaskTarget }): About {
  return { target: "key" in target ? target : { project, refs: target.refs }, key, run: null };
}

export function ignore(reason: string): Decision {
  return { kind: "ignore", reason };
}

export function refuse(reason: string): Decision {
  return { kind: "refuse", reason };
}

/** What the history tells of a wish: who, from where, by which rule. */
export function asked(
  { by, because }: Pick<Asked, "by" | "because">,
  more: Record<string, unknown>,
): Record<string, unknown> {
  return { by: by.name, from: by.kind, because, ...more };
}
