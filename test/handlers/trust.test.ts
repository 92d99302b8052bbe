/** Who may: DESIGN §5, Trust, as tables. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ask, EventActor } from "../../handlers/decoded.ts";
import type { Lookups } from "../../handlers/lookups.ts";
import { judgeTrust } from "../../handlers/trust.ts";
import type { TrustRules } from "../../workflow/project.ts";
import { ALICE, project } from "./stage.ts";

const RULES: TrustRules = {
  github: ["OWNER", "MEMBER", "COLLABORATOR"],
  users: ["Friend"],
  bots: ["renovate[bot]"],
};

function asked(actor: Partial<EventActor>, kind: "start_task" | "cancel_task" = "start_task"): Ask {
  const target = { key: "SHOP-1" };
  const common = { project: "shop", by: { kind: "github", name: "x" }, key: "k", because: "b" } as const;
  const text = { title: "", body: "", url: null, author: null, number: null, priority: 0, explicit: false };
  const intent: Ask["intent"] =
    kind === "start_task" ? { kind, ...common, ...text, refs: [] } : { kind, ...common, target, reason: "r" };
  const whole: EventActor = {
    source: "github",
    name: "eve",
    isBot: false,
    association: null,
    implies: null,
    ...actor,
  };
  return { project: project({ trust: RULES }), intent, actor: whole };
}

type Permission = "admin" | "write" | "read" | "none";

function github(answer: Permission | "refused" | "retry"): Lookups & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    github: {
      permission: async (repo, login) => {
        calls.push(`${repo} ${login}`);
        if (answer === "refused") return { kind: "refused", reason: "no right to ask" };
        if (answer === "retry") return { kind: "retry", reason: "GitHub answered 502", afterMs: 7_000 };
        return { kind: "ok", value: answer };
      },
    },
  };
}

const NO_TOKEN: Lookups = {};

const TABLE: readonly [string, Ask, Lookups, "trusted" | "untrusted" | "retry"][] = [
  ["an owner", asked({ association: "OWNER" }), NO_TOKEN, "trusted"],
  ["a member", asked({ association: "member" }), NO_TOKEN, "trusted"],
  ["a collaborator", asked({ association: "COLLABORATOR" }), NO_TOKEN, "trusted"],
  ["a contributor without a token to ask with", asked({ association: "CONTRIBUTOR" }), NO_TOKEN, "untrusted"],
  ["a stranger without a token to ask with", asked({ association: "NONE" }), NO_TOKEN, "untrusted"],
  ["nobody knows whom without a token to ask with", asked({}), NO_TOKEN, "untrusted"],
  ["a stranger who may write (a private member)", asked({ association: "NONE" }), github("write"), "trusted"],
  ["a stranger who is admin", asked({ association: "NONE" }), github("admin"), "trusted"],
  ["a contributor who may only read", asked({ association: "CONTRIBUTOR" }), github("read"), "untrusted"],
  ["a stranger who may nothing", asked({}), github("none"), "untrusted"],
  ["a stranger whom we may not ask about", asked({}), github("refused"), "untrusted"],
  ["a stranger while GitHub is down", asked({}), github("retry"), "retry"],
  ["a person named in trust.users, in any case", asked({ name: "FRIEND" }), NO_TOKEN, "trusted"],
  ["somebody whose event implies the right", asked({ implies: "triage" }), NO_TOKEN, "trusted"],
  [
    "a bot, though its event implies the right",
    asked({ isBot: true, implies: "triage" }),
    github("admin"),
    "untrusted",
  ],
  ["a bot that is a member", asked({ isBot: true, association: "MEMBER" }), github("admin"), "untrusted"],
  [
    "a bot with a trusted one's name in its own",
    asked({ isBot: true, name: "not-renovate[bot]" }),
    github("admin"),
    "untrusted",
  ],
  ["a bot named in trust.bots", asked({ isBot: true, name: "Renovate[bot]" }), NO_TOKEN, "trusted"],
  [
    "a bot that closed the issue",
    asked({ isBot: true, implies: "closed it" }, "cancel_task"),
    NO_TOKEN,
    "trusted",
  ],
  ["a stranger's cancel command", asked({ association: "NONE" }, "cancel_task"), github("read"), "untrusted"],
];

for (const [name, ask, lookups, expected] of TABLE) {
  test(`trust at GitHub: ${name} is ${expected}`, async () => {
    const trust = await judgeTrust(ask, lookups);
    assert.equal(trust.kind, expected, JSON.stringify(trust));
    if (trust.kind === "retry") assert.equal(trust.afterMs, 7_000);
  });
}

test("the permission asked for is that of the person who acted, in the project's repository", async () => {
  const lookups = github("write");
  await judgeTrust(asked({ name: "carol" }), lookups);
  assert.deepEqual(lookups.calls, ["acme/shop carol"]);
});

test("nobody is asked about who is known already", async () => {
  const lookups = github("none");
  for (const actor of [
    { association: "OWNER" },
    { name: "friend" },
    { implies: "triage" },
    { isBot: true },
  ]) {
    await judgeTrust(asked(actor), lookups);
  }
  assert.deepEqual(lookups.calls, []);
});

function plane(role: number | null | "refused" | "retry"): Lookups {
  const never = async (): Promise<never> => assert.fail("only members are asked for");
  return {
    plane: {
      states: never,
      workItem: never,
      members: async () => {
        if (role === "refused") return { kind: "refused", reason: "403" };
        if (role === "retry") return { kind: "retry", reason: "429", afterMs: 60_000 };
        return { kind: "ok", value: role === null ? [] : [{ id: ALICE.toUpperCase(), role }] };
      },
    },
  };
}

const commenter = asked({ source: "plane", name: ALICE });
const PLANE_TABLE: readonly [string, Ask, Lookups, "trusted" | "untrusted" | "retry"][] = [
  [
    "somebody who changed a work item",
    asked({ source: "plane", name: ALICE, implies: "member" }),
    NO_TOKEN,
    "trusted",
  ],
  ["a commenting admin", commenter, plane(20), "trusted"],
  ["a commenting member", commenter, plane(15), "trusted"],
  ["a commenting guest", commenter, plane(5), "untrusted"],
  ["a commenter of another workspace", commenter, plane(null), "untrusted"],
  ["a commenter without a token to ask with", commenter, NO_TOKEN, "untrusted"],
  ["a commenter whom we may not ask about", commenter, plane("refused"), "untrusted"],
  ["a commenter while Plane limits us", commenter, plane("retry"), "retry"],
];

for (const [name, ask, lookups, expected] of PLANE_TABLE) {
  test(`trust in Plane: ${name} is ${expected}`, async () => {
    assert.equal((await judgeTrust(ask, lookups)).kind, expected);
  });
}
