/** The loop of tasks that wait for what their repository says of how they go. */

import type { Bases } from "../../forges/git/base.ts";
import type { Loop } from "../loops.ts";
import { workflowLoop } from "../workflows/loop.ts";
import type { Ground } from "./ground.ts";

export function wireWorkflows({ store, log, bells, inForce, end }: Ground, bases: Bases): Loop {
  const { projects, profiles } = inForce;
  return {
    name: "workflows",
    run: ({ clock, bell }) =>
      workflowLoop({ store, clock, log, bases, projects, profiles, wake: bell(bells.workflows) }, end.signal),
  };
}
