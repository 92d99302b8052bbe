/** What the configuration names at a tracker with states: are there states of these names? */

import type { Answer } from "../../../forges/api/answer.ts";
import type { Project } from "../../../workflow/project.ts";
import { same } from "../../../workflow/text/same.ts";
import { troubleOf } from "../answers.ts";
import { clientsOf } from "../clients.ts";
import { type Check, type Finding, fail, ok } from "../finding.ts";
import type { Place } from "../place.ts";

export function trackerChecks(place: Place): readonly Check[] {
  return clientsOf(place).flatMap(({ source, client }) => {
    if (client === null || !hasStates(client)) return [];
    return place.config.projects.flatMap((project): Check[] => {
      const id = project.trackers[source];
      if (id === undefined) return [];
      const look = async (): Promise<readonly Finding[]> => [
        judgeStates(await client.states(id), project.start, source),
      ];
      return [{ area: "projects", about: project.name, isForStart: true, look }];
    });
  });
}

interface State {
  readonly id: string;
  readonly name: string;
}

interface WithStates {
  states(project: string): Promise<Answer<readonly State[]>>;
}

function hasStates(client: object): client is WithStates {
  return "states" in client && typeof client.states === "function";
}

export function judgeStates(
  answer: Answer<readonly State[]>,
  { states: wanted }: Pick<Project["start"], "states">,
  source: string,
): Finding {
  if (answer.kind !== "ok") return troubleOf(`its project of ${source} cannot be seen`, answer);
  const known = answer.value;
  const unknown = wanted.filter(
    (name) => !known.some((state) => state.id === name || same(state.name, name)),
  );
  if (unknown.length === 0)
    return ok(
      `its project of ${source} is there${wanted.length > 0 ? ", with the states that start tasks" : ""}`,
    );
  return fail(
    `${source} has no state ${unknown.join(", ")}`,
    `correct start.states; there are ${known.map(({ name }) => name).join(", ")}`,
  );
}
