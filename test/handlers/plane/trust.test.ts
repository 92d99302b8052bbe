/** Who may in Plane: DESIGN §5, Trust, as a table. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlaneClient } from "../../../forges/plane/plane.ts";
import { PLANE_TRUST } from "../../../handlers/plane/trust.ts";
import { findTrust } from "../../../handlers/trust.ts";
import type { Wish } from "../../../handlers/wish.ts";
import { ALICE } from "../payloads.ts";
import { wishOf as asked } from "../project.ts";

type Client = Pick<PlaneClient, "members">;

const NO_TOKEN = null;

function plane(role: number | null | "refused" | "retry"): Client {
  return {
    members: async () => {
      if (role === "refused") return { kind: "refused", because: "permission", reason: "403" };
      if (role === "retry") return { kind: "retry", reason: "429", afterMs: 60_000, fault: "host" };
      return { kind: "ok", value: role === null ? [] : [{ id: ALICE.toUpperCase(), role }] };
    },
  };
}

const commenter = asked({ name: ALICE });
const PLANE_TABLE: readonly [string, Wish, Client | null, "trusted" | "untrusted" | "retry"][] = [
  ["somebody who changed a work item", asked({ name: ALICE, implies: "member" }), NO_TOKEN, "trusted"],
  ["a commenting admin", commenter, plane(20), "trusted"],
  ["a commenting member", commenter, plane(15), "trusted"],
  ["a commenting guest", commenter, plane(5), "untrusted"],
  ["a commenter of another workspace", commenter, plane(null), "untrusted"],
  ["a commenter without a token to ask with", commenter, NO_TOKEN, "untrusted"],
  ["a commenter whom we may not ask about", commenter, plane("refused"), "untrusted"],
  ["a commenter while Plane limits us", commenter, plane("retry"), "retry"],
];

for (const [name, wish, client, expected] of PLANE_TABLE) {
  test(`trust in Plane: ${name} is ${expected}`, async () => {
    assert.equal((await findTrust(wish, PLANE_TRUST, client)).kind, expected);
  });
}
