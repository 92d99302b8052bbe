/** Keys and bodies that are made of what the API says are those that webhooks have. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Payload } from "../../../handlers/source.ts";
import { KITS } from "../../../handlers/sources.ts";
import { issueEvent } from "../../../reconciler/github/payloads.ts";
import type { Delivery } from "../../../workflow/delivery.ts";
import { project } from "../../handlers/project.ts";
import { REPO, type Scene, within } from "../scene.ts";

/** What a delivery asks for, as its kit understands it; facts that it leaves out are not asked for here. */
function meaning(it: Scene, { event, body }: Delivery): unknown {
  const kit = KITS.find(({ name }) => name === "github") ?? assert.fail();
  const audience = { source: "github", settings: null, projects: [project()], own: [] } as const;
  const known = kit.facts.nothing;
  const decoded = kit.decode(event, JSON.parse(body) as Payload, { ...audience, known });
  void it;
  return decoded.kind === "wish"
    ? decoded.wishes.map(({ intent, actor, spot }) => ({ intent, actor, spot }))
    : decoded;
}

async function told(it: Scene): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const { id } of await it.deliveries()) {
    const delivery = (await it.store.deliveries.get(id)) ?? assert.fail();
    const said = meaning(it, delivery);
    const key = Array.isArray(said) ? String((said[0] as { intent: { key: string } }).intent.key) : null;
    if (key !== null) found.set(key, said);
  }
  return found;
}

function act({ github: { people } }: Scene): void {
  people.open({ repo: REPO, by: "ada", title: "Fix the door", body: "It squeaks." });
  people.label({ repo: REPO, by: "bob", number: 1, label: "agent" });
  people.assign({ repo: REPO, by: "ada", number: 1, assignees: ["bob"] });
  people.comment({ repo: REPO, by: "bob", number: 1, body: "/agent say mind the *paint*" });
  people.open({ repo: REPO, by: "mallory", title: "Mine", labels: ["agent"] });
  people.comment({ repo: REPO, by: "mallory", number: 2, body: "/agent start" });
}

test("I2: the same acts, told by webhooks and found by asking, mean the same to the letter", () =>
  within(async (hooked) => {
    hooked.hook();
    await hooked.look(0);
    act(hooked);
    await hooked.settle();
    const byHook = await told(hooked);
    await within(async (asked) => {
      await asked.look(0);
      act(asked);
      await asked.look();
      const byAsking = await told(asked);
      const plain = (map: ReadonlyMap<string, unknown>): readonly string[] =>
        [...map]
          .map(([, said]) =>
            JSON.stringify(said)
              .replace(/T\d\d:\d\d:\d\dZ/g, "T")
              .replace(/"(saidAt|id|comment|url)":("[^"]*"|\d+)/g, ""),
          )
          .map((text) => text.replace(/comment:\d+/g, "comment").replace(/127.0.0.1:\d+/g, ""))
          .toSorted((a, b) => a.localeCompare(b));
      const wanted = plain(byHook).filter((text) => !text.includes(":opened:"));
      assert.deepEqual(plain(byAsking), wanted);
      assert.ok(wanted.length >= 4, wanted.join("\n"));
    });
  }));

test("B1: what nobody knows who has done proves no right, also not that of the author", () => {
  const author = { name: "ada", id: "7", isBot: false, standing: "OWNER" };
  const item = {
    ...{
      item: { place: REPO, id: "1" },
      number: 1,
      uid: "11",
      title: "Door",
      body: "",
      url: "https://x.example",
    },
    ...{ author, labels: [{ id: null, name: "agent" }], assignees: [], state: null },
    ...{ isOpen: true, isPull: false, createdAt: 0, updatedAt: 0 },
  };
  const body = issueEvent({ repo: REPO, item }, "labeled", { to: "agent", by: null, at: 0 });
  const kit = KITS.find(({ name }) => name === "github") ?? assert.fail();
  const audience = { source: "github", settings: null, projects: [project()], own: [] } as const;
  const decoded = kit.decode("issues", body ?? assert.fail(), { ...audience, known: kit.facts.nothing });
  const [wish] = decoded.kind === "wish" ? decoded.wishes : [];
  assert.deepEqual(wish?.actor, { name: "ghost", isBot: false, standing: null, implies: null });
});
