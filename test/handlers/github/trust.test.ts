/** Who may at GitHub: DESIGN §5, Trust, as a table. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ForgeAsk } from "../../../forges/ask.ts";
import { GITHUB_TRUST } from "../../../handlers/github/trust.ts";
import { findTrust } from "../../../handlers/trust.ts";
import type { Wish } from "../../../handlers/wish.ts";
import { wishOf as asked } from "../project.ts";

type Permission = "admin" | "write" | "read" | "none";

type Client = { readonly ask: Pick<ForgeAsk, "permission"> };

function github(answer: Permission | "refused" | "retry"): Client & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    ask: {
      permission: async (repo, login) => {
        calls.push(`${repo} ${login}`);
        if (answer === "refused")
          return { kind: "refused", because: "permission", reason: "no right to ask" };
        if (answer === "retry")
          return { kind: "retry", reason: "GitHub answered 502", afterMs: 7_000, fault: "host" };
        return { kind: "ok", value: answer };
      },
    },
  };
}

const NO_TOKEN = null;

const TABLE: readonly [string, Wish, Client | null, "trusted" | "untrusted" | "retry"][] = [
  ["an owner", asked({ standing: "OWNER" }), NO_TOKEN, "trusted"],
  ["a member", asked({ standing: "member" }), NO_TOKEN, "trusted"],
  ["a collaborator", asked({ standing: "COLLABORATOR" }), NO_TOKEN, "trusted"],
  ["a collaborator who may only read", asked({ standing: "COLLABORATOR" }), github("read"), "untrusted"],
  ["a member who may only read", asked({ standing: "MEMBER" }), github("read"), "untrusted"],
  ["a collaborator who may write", asked({ standing: "COLLABORATOR" }), github("write"), "trusted"],
  ["a member while GitHub is down", asked({ standing: "MEMBER" }), github("retry"), "retry"],
  ["a member whom we may not ask about", asked({ standing: "MEMBER" }), github("refused"), "trusted"],
  ["a contributor without a token to ask with", asked({ standing: "CONTRIBUTOR" }), NO_TOKEN, "untrusted"],
  ["a stranger without a token to ask with", asked({ standing: "NONE" }), NO_TOKEN, "untrusted"],
  ["nobody knows whom without a token to ask with", asked({}), NO_TOKEN, "untrusted"],
  ["a stranger who may write (a private member)", asked({ standing: "NONE" }), github("write"), "trusted"],
  ["a stranger who is admin", asked({ standing: "NONE" }), github("admin"), "trusted"],
  ["a contributor who may only read", asked({ standing: "CONTRIBUTOR" }), github("read"), "untrusted"],
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
  ["a bot that is a member", asked({ isBot: true, standing: "MEMBER" }), github("admin"), "untrusted"],
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
  ["a stranger's cancel command", asked({ standing: "NONE" }, "cancel_task"), github("read"), "untrusted"],
];

for (const [name, wish, client, expected] of TABLE) {
  test(`trust at GitHub: ${name} is ${expected}`, async () => {
    const trust = await findTrust(wish, GITHUB_TRUST, client);
    assert.equal(trust.kind, expected, JSON.stringify(trust));
    if (trust.kind === "retry") assert.equal(trust.afterMs, 7_000);
  });
}

test("the permission asked for is that of the person who acted, in the project's repository", async () => {
  const client = github("write");
  await findTrust(asked({ name: "carol" }), GITHUB_TRUST, client);
  assert.deepEqual(client.calls, ["acme/shop carol"]);
});

test("nobody is asked about who is known already", async () => {
  const client = github("none");
  for (const actor of [{ standing: "OWNER" }, { name: "friend" }, { implies: "triage" }, { isBot: true }]) {
    await findTrust(asked(actor), GITHUB_TRUST, client);
  }
  assert.deepEqual(client.calls, []);
});
