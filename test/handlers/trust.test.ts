/** Who may, whatever the source: the rules that come before anything is looked up (DESIGN §5, Trust). */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trust, TrustLookup } from "../../handlers/kit.ts";
import { findTrust, judgeActor, notFound, trusted, untrusted } from "../../handlers/trust.ts";
import type { Wish } from "../../handlers/wish.ts";
import { wishOf } from "./project.ts";

/** A source that knows nothing by itself, and writes down whom it was asked about. */
function source(found: Trust): TrustLookup<string> & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    judge: () => null,
    lookUp: async ({ name }, _project, client) => {
      asked.push(`${name} by ${client ?? "nobody"}`);
      return found;
    },
  };
}

const RULES: readonly [string, Wish, Trust["kind"] | null][] = [
  ["a person named in trust.users, in any case", wishOf({ name: "FRIEND" }), "trusted"],
  ["a bot named in trust.users", wishOf({ name: "friend", isBot: true }), "trusted"],
  ["somebody whose event implies the right", wishOf({ implies: "triage" }), "trusted"],
  ["a bot whose event implies the right", wishOf({ isBot: true, implies: "triage" }), "untrusted"],
  ["a bot named in trust.bots", wishOf({ isBot: true, name: "Renovate[bot]" }), "trusted"],
  ["a bot with that name in its own", wishOf({ isBot: true, name: "not-renovate[bot]" }), "untrusted"],
  ["a person with a bot's name", wishOf({ name: "renovate[bot]" }), null],
  ["a bot whose closing implies the right", wishOf({ isBot: true, implies: "x" }, "cancel_task"), "trusted"],
  ["a bot's cancel command", wishOf({ isBot: true }, "cancel_task"), "untrusted"],
  ["a stranger", wishOf({}), null],
];

for (const [name, { actor, intent, project }, expected] of RULES) {
  test(`trust of every source: ${name} is ${expected ?? "to be looked up"}`, () => {
    const known = judgeActor(actor, intent.kind === "cancel_task", project.trust);
    assert.equal(known?.kind ?? null, expected);
  });
}

test("a source is asked only about whom nothing is known, and never when its own judgement says it", async () => {
  const silent = source(untrusted("no"));
  assert.equal((await findTrust(wishOf({ implies: "triage" }), silent, "api")).kind, "trusted");
  assert.deepEqual(silent.asked, []);
  assert.equal((await findTrust(wishOf({ name: "carol" }), silent, "api")).kind, "untrusted");
  assert.equal((await findTrust(wishOf({ name: "dave" }), silent, null)).kind, "untrusted");
  assert.deepEqual(silent.asked, ["carol by api", "dave by nobody"]);
  const knowing: TrustLookup<string> = { ...silent, judge: ({ name }) => trusted(`${name} is known`) };
  assert.deepEqual(await findTrust(wishOf({ name: "carol" }), knowing, "api"), {
    kind: "trusted",
    because: "carol is known",
  });
  assert.equal(
    (await findTrust(wishOf({ isBot: true }), knowing, "api")).kind,
    "untrusted",
    "T4 comes first",
  );
  assert.equal(silent.asked.length, 2);
});

test("a look-up that fails is tried again, one that is refused is a no, and neither is a yes", () => {
  const down = { kind: "retry", reason: "502", afterMs: 7_000, fault: "host" } as const;
  assert.deepEqual(notFound(down, "the rights of carol"), {
    kind: "retry",
    reason: "the rights of carol could not be asked for: 502",
    afterMs: 7_000,
  });
  assert.equal(
    notFound({ kind: "refused", because: "permission", reason: "403" }, "the rights of carol").kind,
    "untrusted",
  );
});
