/** Making the acquaintance of the sources: whom a token acts as is asked for, unless the configuration says it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { connectSources } from "../../../daemon/wiring/sources.ts";
import { KITS, readersOf, type SourceSettings } from "../../../handlers/sources.ts";
import type { Http } from "../../../system/http.ts";
import type { Delivery } from "../../../workflow/delivery.ts";
import { handClock, heardLog } from "../../handlers/hand-moved.ts";
import { githubExample } from "../../handlers/payloads.ts";
import { project } from "../../handlers/project.ts";

/** A network on which every source knows the token's owner, or on which nobody answers. */
function network(isUp: boolean): Http & { readonly asked: string[]; isUp: boolean } {
  const asked: string[] = [];
  return {
    ...{ asked, isUp },
    async request(_operation, { url }) {
      asked.push(url);
      if (!this.isUp) return { kind: "unreachable", reason: "refused" };
      const id = url.includes("plane") ? "u-7" : 7;
      return {
        kind: "response",
        response: { status: 200, headers: {}, body: JSON.stringify({ login: "robot", id }) },
      };
    },
  };
}

/** As the kits' own schemas read it. */
function settingsOf(written: Readonly<Record<string, object>>): SourceSettings {
  return Object.fromEntries(
    KITS.flatMap(({ name, config }) => {
      const keys = written[name];
      return keys === undefined ? [] : [[name, config.schema.parse({ secret: "s", ...keys })]];
    }),
  );
}

async function connect(written: Readonly<Record<string, object>>, http = network(true)) {
  const log = heardLog();
  const clock = handClock();
  const known = await connectSources(settingsOf(written), { http, clock }, log);
  return { ...known, log, clock, asked: http.asked };
}

const TOKENS = {
  github: { token: "ghp_of_this_house" },
  plane: { token: "ghp_of_this_house", workspace: "acme", api_url: "https://plane.example.org" },
};

test("with a token the source says who we are; without one nobody is asked", async () => {
  const { contacts, asked } = await connect(TOKENS);
  assert.deepEqual(contacts.get("github")?.own, [{ login: "robot", id: "7" }]);
  assert.deepEqual(contacts.get("plane")?.own, [{ login: null, id: "u-7" }]);
  assert.deepEqual(
    new Set(asked.map((url) => new URL(url).host)),
    new Set(["api.github.com", "plane.example.org"]),
  );
  const silent = await connect({ github: {} });
  assert.deepEqual([...silent.contacts.keys()], ["github"]);
  const { client, own } = silent.contacts.get("github") ?? {};
  assert.deepEqual([client, own, silent.asked], [null, [], []]);
});

test("what the configuration says is believed, with or without a token", async () => {
  const { contacts, asked } = await connect({
    github: { ...TOKENS.github, account: "chargehand-bot" },
    plane: { account: "u-9" },
  });
  assert.deepEqual(contacts.get("github")?.own, [{ login: "chargehand-bot", id: null }]);
  assert.deepEqual(contacts.get("plane")?.own, [{ login: null, id: "u-9" }]);
  assert.deepEqual(asked, []);
});

test("each further account is asked who it is, or believed, and its token stands in no log", async () => {
  const accounts = {
    reviewer: { token: "ghp_of_a_reviewer" },
    second: { token: "ghp_2", account: "second-bot" },
  };
  const { contacts, log, asked } = await connect({ github: { ...TOKENS.github, accounts } });
  const robot = { login: "robot", id: "7" };
  assert.deepEqual(contacts.get("github")?.own, [{ login: "second-bot", id: null }, robot, robot]);
  assert.equal(asked.filter((url) => url.endsWith("/user")).length, 2, "the third is believed");
  const silent = await connect({ github: { accounts } }, network(false));
  assert.deepEqual(silent.contacts.get("github")?.own, [{ login: "second-bot", id: null }]);
  assert.deepEqual(
    silent.log.lines.map((line) => line["source"]),
    ["github, account reviewer"],
  );
  assert.doesNotMatch(JSON.stringify([log.lines, silent.log.lines]), /ghp_/);
});

test("where nobody answers, the daemon says so and goes on", async () => {
  const { contacts, log } = await connect(TOKENS, network(false));
  assert.ok([...contacts.values()].every(({ client, own }) => client !== null && own.length === 0));
  assert.deepEqual(
    log.lines.map(({ event, ...line }) => [event, line["source"]]),
    [
      ["own_login.unknown", "github"],
      ["own_login.unknown", "plane"],
    ],
  );
});

const DELIVERY: Delivery = {
  ...{ id: 1, source: "github", deliveryId: "d", headerId: null, event: "issue_comment", status: "received" },
  ...{ reason: null, task: null, subject: null, tries: 0, notBefore: 0, replayOf: null },
  ...{ body: "", receivedAt: 0, finishedAt: null },
};

test("who was not to be asked is asked again: with what comes from there, and now and then by itself", async () => {
  const http = network(false);
  const { contacts, unknown, clock, asked } = await connect(TOKENS, http);
  const again = contacts.get("github")?.ownAgain ?? assert.fail("nobody is asked again");
  assert.deepEqual(
    unknown().map(({ source, reason }) => [source, /refused/.test(reason)]),
    [
      ["github", true],
      ["plane", true],
    ],
  );
  const reader = readersOf(contacts).get("github") ?? assert.fail("nobody reads GitHub");
  const own = { "comment.body": "/agent", "sender.login": "robot", "sender.id": 7 };
  const body = JSON.stringify(githubExample("issue_comment", 0, own));
  const heard = async () =>
    (await reader.understand({ ...DELIVERY, body }, [project()], { find: async () => null } as never)).kind;
  assert.equal(await heard(), "wish", "nobody knows that it is our own");
  const before = asked.length;
  assert.deepEqual(await again(), []);
  assert.equal(asked.length, before, "not so soon");
  clock.move(15_000);
  http.isUp = true;
  assert.equal(await heard(), "ignore", "it is asked before what comes from there is judged");
  assert.deepEqual(await again(), [{ login: "robot", id: "7" }]);
  assert.deepEqual(
    unknown().map(({ source }) => source),
    ["plane"],
  );
});

test("the asking again ends when all is known, and when it is no more of use", async () => {
  const http = network(false);
  const { unknown, askAgain, clock, log } = await connect(TOKENS, http);
  let slept = 0;
  const sleep = async (ms: number): Promise<void> => {
    clock.move(ms);
    slept += 1;
    if (slept === 3) http.isUp = true;
    assert.ok(slept < 100, "it never ends");
  };
  await askAgain({ sleep }, new AbortController().signal);
  assert.deepEqual(unknown(), []);
  assert.ok(slept >= 3);
  const known = log.lines.filter(({ event }) => event === "own_login.known").map((line) => line["source"]);
  assert.deepEqual(known.toSorted(), ["github", "plane"]);
  const other = await connect(TOKENS, network(false));
  const over = new AbortController();
  over.abort();
  await other.askAgain({ sleep: async () => assert.fail("slept") }, over.signal);
});
