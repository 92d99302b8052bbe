/** The configuration itself: what it holds, and who may read it. */

import { type ConfigProblem, printProblem } from "../../../daemon/config/file.ts";
import { standingOf } from "../../../system/files.ts";
import { counted } from "../../phrases.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";

export function configurationChecks({ config }: Pick<Place, "config">): readonly Check[] {
  const look = async (): Promise<readonly Finding[]> => [
    contents(config),
    ...rights(config.file, standingOf(config.file).mode),
  ];
  return [{ area: "configuration", about: null, isForStart: true, look }];
}

/** What is wrong with a file that cannot be taken. */
export function configurationFaults(problems: readonly ConfigProblem[]): Check {
  return {
    ...{ area: "configuration", about: null, isForStart: true },
    look: async () =>
      problems.map((problem) => {
        const isMissing = problem.file === "" || /there is no such file/.test(problem.message);
        return fail(
          printProblem(problem),
          isMissing ? "chargehand init writes one" : "mend it; docs/configuration.md explains every key",
        );
      }),
  };
}

function contents({ file, projects, agents, sources }: Place["config"]): Finding {
  const profiles = Object.keys(agents).length;
  const parts = [
    counted(projects.length, "project", "projects"),
    counted(profiles, "agent profile", "agent profiles"),
    `sources ${Object.keys(sources).join(", ") || "none"}`,
  ];
  if (projects.length === 0)
    return warn(`${file} is valid and has no project`, "add one under projects, or run chargehand init");
  return ok(`${file} is fine: ${parts.join(", ")}`);
}

/** It may hold secrets, and says in any case what agents must not change. */
function rights(file: string, mode: number): readonly Finding[] {
  if ((mode & 0o022) !== 0)
    return [fail(`others may write ${file} (mode ${mode.toString(8)})`, `chmod go-w ${file}`)];
  return [];
}
