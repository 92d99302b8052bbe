/**
 * What GitHub says of a person's rights. An association is a hint: private members look like `NONE`, and members of an
 * organisation and collaborators may have no more than the right to read. So the permission is looked up of all but
 * owners; where nobody can be asked, an association that the project trusts is believed.
 */

import type { ForgeAsk } from "../../forges/ask.ts";
import type { Project } from "../../workflow/project.ts";
import { same } from "../../workflow/text/same.ts";
import type { Trust, TrustLookup } from "../kit.ts";
import { notFound, trusted, untrusted } from "../trust.ts";
import type { EventActor } from "../wish.ts";

export const GITHUB_TRUST: TrustLookup<{ readonly ask: Pick<ForgeAsk, "permission"> }> = {
  judge: (actor, project) => (same(actor.standing ?? "", "OWNER") ? byStanding(actor, project) : null),
  async lookUp(actor, project, client) {
    const { name, standing } = actor;
    const hint = byStanding(actor, project);
    if (client === null) {
      if (hint !== null) return hint;
      return untrusted(
        `${name} is ${standing ?? "of unknown standing"}, and there is no GitHub token to ask with`,
      );
    }
    const found = await client.ask.permission(project.repo ?? "", name);
    if (hint !== null && found.kind === "refused") return hint;
    if (found.kind !== "ok") return notFound(found, `the permission of ${name}`);
    const permission = found.value;
    return permission === "admin" || permission === "write"
      ? trusted(`${name} has ${permission} permission`)
      : untrusted(`${name} has ${permission} permission, not write`);
  },
};

/** `null` where the project does not trust it. */
function byStanding({ name, standing }: EventActor, { trust }: Project): Trust | null {
  if (standing === null || trust["github"]?.some((known) => same(known, standing)) !== true) return null;
  return trusted(`${name} is ${standing} of the repository`);
}
