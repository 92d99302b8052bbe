/** Events of a whole repository at GitHub: what is known of them, and why nothing follows here. Pure. */

import { z } from "zod";
import { same } from "../../workflow/text/same.ts";
import { type Decoded, ignore } from "../decoded.ts";
import type { Audience } from "../kit.ts";
import { nameText } from "../outside-text.ts";
import { REPOSITORY, readPayload } from "../payload.ts";
import type { Payload } from "../source.ts";

const named = { repository: z.object({ full_name: REPOSITORY }) };
const PUSH = z.object({ ...named, ref: z.string() });
const MOVED = z.object({
  ...named,
  action: z.string(),
  changes: z
    .object({
      repository: z.object({ name: z.object({ from: z.string() }) }).nullish(),
      owner: z
        .object({
          from: z.object({
            user: z.object({ login: z.string() }).nullish(),
            organization: z.object({ login: z.string() }).nullish(),
          }),
        })
        .nullish(),
    })
    .nullish(),
});

type Names = Pick<Audience<unknown, unknown>, "projects">;

export function aboutRepository(event: string, payload: Payload, audience: Names): Decoded<never> {
  switch (event) {
    case "push":
      return pushed(payload, audience);
    case "repository":
      return moved(payload, audience);
    case "delete":
      return ignore("a branch or tag was deleted: what tasks have made is kept here besides");
    default:
      return ignore(`nothing listens to '${nameText(event)}'`);
  }
}

/** Every run fetches the base branch itself, so nobody has to be told. */
function pushed(payload: Payload, { projects }: Names): Decoded<never> {
  const read = readPayload(PUSH, payload);
  if (read.kind === "failed") return read;
  const { ref, repository } = read.value;
  const isBase = projects.some(
    ({ repo, baseBranch }) =>
      repo !== null && same(repo, repository.full_name) && ref === `refs/heads/${baseBranch}`,
  );
  return ignore(
    isBase
      ? "a push to the base branch: each run takes it as it is when it starts"
      : "a push to a branch on which nothing begins",
  );
}

/** By its old name the configuration still knows it; a person has to say the new one. */
function moved(payload: Payload, { projects }: Names): Decoded<never> {
  const read = readPayload(MOVED, payload);
  if (read.kind === "failed") return read;
  const { action, repository, changes } = read.value;
  if (action !== "renamed" && action !== "transferred")
    return ignore(`nothing listens to 'repository.${nameText(action)}'`);
  const [owner = "", name = ""] = repository.full_name.split("/");
  const from = changes?.owner?.from;
  const oldOwner = from?.organization?.login ?? from?.user?.login ?? owner;
  const old = `${oldOwner}/${changes?.repository?.name.from ?? name}`;
  const ours = projects.filter(({ repo }) => repo !== null && same(repo, old)).map((one) => one.name);
  return ignore(
    ours.length === 0
      ? `the repository '${nameText(old)}', which no project has, has another name`
      : `the repository of ${ours.join(", ")} is called '${repository.full_name}' now: change \`repo\` in the configuration`,
  );
}
