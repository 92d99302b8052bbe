/** The loop of tasks that wait for what their repository says of how they go. */

import type { Bases } from "../../forges/git/base.ts";
import type { Choices } from "../../handlers/api/base.ts";
import type { FoundWorkflow } from "../../workflow/decide/settle-workflow.ts";
import type { Project } from "../../workflow/project.ts";
import type { Why } from "../../workflow/why.ts";
import type { Loop } from "../loops.ts";
import { workflowLoop } from "../workflows/loop.ts";
import type { Verdict } from "../workflows/repository.ts";
import type { Ground } from "./ground.ts";

/** What tasks may choose from, as the configuration in force has it. */
export function choicesOf({ inForce }: Pick<Ground, "inForce">, { hasBranch }: Bases): Choices {
  // Readers of workflows are loaded when somebody needs one.
  const named: Choices["workflow"] = async (name) =>
    (await import("../workflows/named.ts")).workflowNamed(name, inForce.config.workflows);
  return { workflow: named, hasBranch };
}

export function wireWorkflows({ store, log, bells, inForce, end }: Ground, bases: Bases): Loop {
  const { projects, profiles } = inForce;
  return {
    name: "workflows",
    run: ({ clock, bell }) => {
      const verdicts = new Map<string, Verdict>();
      const find = async (project: Project): Promise<FoundWorkflow | Why> =>
        (await import("../workflows/repository.ts")).findWorkflow(
          { store, clock, log, bases, profiles, verdicts },
          project,
        );
      return workflowLoop({ store, clock, log, find, projects, wake: bell(bells.workflows) }, end.signal);
    },
  };
}
