/** Making the acquaintance of the sources: whom a token acts as is asked for, unless the configuration says it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { connectSources } from "../../../daemon/wiring/sources.ts";
import { KITS, type SourceSettings } from "../../../handlers/sources.ts";
import type { Http } from "../../../system/http.ts";
import { handClock, heardLog } from "../../handlers/hand-moved.ts";

/** A network on which every source knows the token's owner, or on which nobody answers. */
function network(isUp: boolean): Http & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async request(_operation, { url }) {
      asked.push(url);
      if (!isUp) return { kind: "unreachable", reason: "refused" };
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
  const contacts = await connectSources(settingsOf(written), { http, clock: handClock() }, log);
  return { contacts, log, asked: http.asked };
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
  assert.deepEqual(contacts.get("github")?.own, [robot, robot, { login: "second-bot", id: null }]);
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
