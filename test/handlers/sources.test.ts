/** The kits: each folder is one, each is registered, and a kit may have several sources. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import { ignore } from "../../handlers/decoded.ts";
import { NO_FACTS, type SourceKit } from "../../handlers/kit.ts";
import { digestOf, hmacCheck, hmacHex, type WebhookSource } from "../../handlers/source.ts";
import { cloneAccess, KITS, readersOf, webhookSources } from "../../handlers/sources.ts";
import { trusted } from "../../handlers/trust.ts";
import type { Source } from "../../workflow/delivery.ts";
import { hmac } from "./payloads.ts";
import { project } from "./project.ts";

/** Folders of `handlers/` that are no kits. */
const NO_KITS = ["api", "chat", "commands", "facts", "guard"];

test("every folder of handlers/ is a kit of that name, and every kit is registered", () => {
  const entries = readdirSync(new URL("../../handlers", import.meta.url), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual(
    KITS.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b)),
    folders.filter((name) => !NO_KITS.includes(name)).toSorted((a, b) => a.localeCompare(b)),
  );
});

for (const { name, config } of KITS) {
  test(`the configuration of ${name} is described, its secrets are keys of it, and its names are nobody else's`, () => {
    const schema = z.toJSONSchema(config.schema, { io: "input" });
    const keys = Object.keys(schema.properties ?? {});
    assert.ok(keys.includes("secret"));
    assert.deepEqual(
      config.secrets.filter((key) => !keys.includes(key.split(".")[0] ?? "")),
      [],
    );
    const others = KITS.filter((kit) => kit.name !== name);
    assert.ok(
      others.every((other) => config.project === null || other.config.project?.key !== config.project.key),
    );
    assert.ok(!["users", "bots"].includes(name), "keys of `trust` that are not a source's");
  });
}

/** By name, the secret of each. */
type Named = Readonly<Record<string, string>>;

function named(name: string, secret: string): WebhookSource {
  const isGenuine = hmacCheck([secret]);
  return {
    name: `generic:${name}`,
    path: `generic/${name}`,
    verify: (raw, header) => isGenuine(raw, header("x-signature") ?? ""),
    refuse: () => null,
    event: () => "",
    headerId: () => null,
    deliveryId: (raw) => digestOf(name, raw),
    isPing: () => false,
    headers: (raw) => ({ "x-signature": hmacHex([secret], raw) }),
  };
}

const GENERIC: SourceKit<Named> = {
  name: "generic",
  config: {
    schema: z.record(z.string(), z.string()),
    secrets: [],
    rules: () => [],
    project: null,
    trust: null,
  },
  webhooks: (settings) => Object.entries(settings).map(([name, secret]) => named(name, secret)),
  decode: (_event, _payload, { source, settings }) =>
    ignore(`${source} of ${Object.keys(settings ?? {}).length}`),
  facts: NO_FACTS,
  trust: { judge: () => trusted("whoever has the secret may"), lookUp: async () => trusted("") },
  connect: () => null,
  ownLogin: {
    configured: () => null,
    lookUp: async () => ({ kind: "refused", because: "missing", reason: "nobody is anybody there" }),
  },
};

test("a kit may have several sources, each with a path, a secret and a name of its own", async () => {
  const settings = { ci: "one secret", shop: "another" };
  const kits = [...KITS, GENERIC];
  const sources = webhookSources({ generic: settings }, kits);
  assert.deepEqual(
    sources.map(({ name, path }) => [name, path]),
    [
      ["generic:ci", "generic/ci"],
      ["generic:shop", "generic/shop"],
    ],
  );
  const body = Buffer.from("{}");
  const signed = (secret: string) => (): string => hmac(secret, body);
  assert.deepEqual(
    sources.map(({ verify }) => verify(body, signed("another"))),
    [false, true],
  );
  const readers = readersOf(new Map([["generic", { settings, client: null, own: [] }]]), kits);
  const read = async (source: Source): Promise<unknown> => {
    const delivery = { id: 1, source, deliveryId: "d", headerId: null, event: "", body: "{}" } as const;
    const find = async (): Promise<null> => null;
    const rest = {
      status: "received",
      reason: null,
      task: null,
      subject: null,
      tries: 0,
      notBefore: 0,
    } as const;
    const whole = { ...delivery, ...rest, replayOf: null, receivedAt: 0, finishedAt: null };
    return await readers
      .get(source)
      ?.understand(whole, [project()], { find, findByBranch: find, findByCommit: async () => [] });
  };
  assert.deepEqual(await read("generic:ci"), { kind: "ignore", reason: "generic:ci of 2" });
  assert.equal(readers.get("generic:other"), undefined);
});

test("what is not configured has no listener, and is read all the same when its deliveries still wait", () => {
  assert.deepEqual(webhookSources({}), []);
  const names = KITS.map(({ name }) => name);
  assert.deepEqual([...readersOf(new Map()).keys()], names);
});

test("a source's token is for clone addresses of its own host, and for no other", () => {
  const github = { secret: ["s"], token: "t", api_url: "https://api.github.com" };
  const { kit, ...known } = cloneAccess({ github }, "github.com") ?? {};
  assert.deepEqual(known, { host: "github.com", username: "x-access-token", password: "t" });
  assert.equal(kit?.name, "github");
  const app = { secret: ["s"], app: { id: "1", private_key: "k" }, api_url: github.api_url };
  assert.equal(cloneAccess({ github: app }, "github.com")?.password, null, "its API gives one");
  assert.equal(cloneAccess({ github }, "evil.example.org"), null);
  assert.equal(cloneAccess({ github }, null), null);
  assert.equal(cloneAccess({ github: { secret: ["s"], api_url: github.api_url } }, "github.com"), null);
  const own = { github: { ...github, api_url: "https://ghe.example.org/api/v3" }, plane: { secret: ["s"] } };
  assert.equal(cloneAccess(own, "ghe.example.org")?.password, "t");
});
