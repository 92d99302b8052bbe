/**
 * What Plane says of a person's rights. Its payloads say nothing of them; what an event proves by itself, `events.ts`
 * knows.
 */

import type { PlaneClient } from "../../forges/plane/plane.ts";
import { same } from "../../workflow/text/same.ts";
import type { TrustLookup } from "../kit.ts";
import { notFound, trusted, untrusted } from "../trust.ts";

/** The role number from which on somebody is a member; 5 is a guest. */
const MEMBER = 15;

export const PLANE_TRUST: TrustLookup<Pick<PlaneClient, "members">> = {
  judge: () => null,
  async lookUp({ name }, _project, client) {
    if (client === null) {
      return untrusted(`guests can comment, too, and there is no Plane token to ask about ${name}`);
    }
    const found = await client.members();
    if (found.kind !== "ok") return notFound(found, "the workspace's members");
    const member = found.value.find(({ id }) => same(id, name));
    if (member === undefined) return untrusted(`${name} is no member of the Plane workspace`);
    return member.role >= MEMBER
      ? trusted(`${name} is a member of the Plane workspace`)
      : untrusted(`${name} is only a guest of the Plane workspace`);
  },
};
