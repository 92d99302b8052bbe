/**
 * What GitHub says of a person's rights. Its association can only be believed when it says yes: private members look
 * like `NONE`, so for everything else the permission is looked up.
 */

import type { ForgeAsk } from "../../forges/ask.ts";
import { same } from "../../workflow/text/same.ts";
import type { TrustLookup } from "../kit.ts";
import { notFound, trusted, untrusted } from "../trust.ts";

export const GITHUB_TRUST: TrustLookup<{ readonly ask: Pick<ForgeAsk, "permission"> }> = {
  judge({ name, standing }, { trust }) {
    if (standing === null || trust["github"]?.some((known) => same(known, standing)) !== true) return null;
    return trusted(`${name} is ${standing} of the repository`);
  },
  async lookUp({ name, standing }, { repo }, client) {
    if (client === null) {
      return untrusted(
        `${name} is ${standing ?? "of unknown standing"}, and there is no GitHub token to ask with`,
      );
    }
    const found = await client.ask.permission(repo ?? "", name);
    if (found.kind !== "ok") return notFound(found, `the permission of ${name}`);
    const permission = found.value;
    return permission === "admin" || permission === "write"
      ? trusted(`${name} has ${permission} permission`)
      : untrusted(`${name} has ${permission} permission, not write`);
  },
};
