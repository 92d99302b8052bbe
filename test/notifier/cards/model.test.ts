/** What is to be read of a task, in each state and as each chat shows it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line, Message } from "../../../chats/chat.ts";
import { render as renderDiscord } from "../../../chats/discord/render.ts";
import { render as renderSlack } from "../../../chats/slack/render.ts";
import { render as renderTelegram } from "../../../chats/telegram/render.ts";
import { type CardFacts, cardFacts } from "../../../notifier/cards/facts.ts";
import { draw, type Shown } from "../../../notifier/cards/model.ts";
import { CARD_STATES, cardState } from "../../../notifier/cards/state.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import { memoryStore } from "../../handlers/hand-moved.ts";
import { HOSTILE } from "../../hostile-text.ts";
import { matchGolden } from "../../store/golden.ts";
import { field, question } from "../../workflow/questions.ts";
import { APPROVAL, cause, FACTS, NOW, phase, run, SCENES, TASK } from "./scenes.ts";

const TOKEN = "abcdefghijklmnopqrstuv";
const plain = { redact: (text: string) => text, showsActivity: true };

const CHATS: Readonly<Record<string, (message: Message) => { readonly body: string }>> = {
  telegram: (message) => renderTelegram(message, TOKEN, false),
  slack: (message) => renderSlack(message, { token: TOKEN, isPlain: false, hasButtons: true }),
  discord: (message) => renderDiscord(message, TOKEN, false),
};

for (const [name, { state, facts }] of Object.entries(SCENES))
  test(`a card that is ${name} says so in every chat`, async () => {
    const shown = draw(facts, plain);
    assert.equal(shown.state, state);
    await matchGolden(`cards/${name}.txt`, pageOf(shown));
  });

test("there is a scene of every state", () => {
  assert.deepEqual(
    Object.keys(CARD_STATES).filter((state) => !Object.values(SCENES).some((scene) => scene.state === state)),
    [],
  );
});

test("D1: the same facts give the same message, however much time has passed", async () => {
  for (const { facts } of Object.values(SCENES))
    assert.deepEqual(draw(structuredClone(facts), plain), draw(facts, plain));
  const store = await memoryStore();
  await store.commit([creation("shop", 1)], null, NOW);
  const [now, later] = [await cardFacts(store, "SHOP-1", NOW), await cardFacts(store, "SHOP-1", NOW + 9e9)];
  assert.ok(now !== null && later !== null);
  assert.deepEqual(draw(later, plain), draw(now, plain));
  assert.equal(await cardFacts(store, "SHOP-2", NOW), null);
});

test("D1: what others do in the queue changes nothing of a card that waits", async () => {
  const store = await memoryStore();
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 3 }]), NOW);
  await store.commit([creation("shop", 1)], null, NOW);
  await store.commit([creation("shop", 2)], null, NOW);
  const drawn = async (): Promise<unknown> => {
    const facts = await cardFacts(store, "SHOP-2", NOW);
    assert.ok(facts !== null);
    return draw(facts, plain);
  };
  const before = await drawn();
  assert.ok(await store.jobs.claim({ run: "r", concurrency: 1, now: NOW }));
  assert.deepEqual(await drawn(), before);
});

const SECRET = "sk-very-secret";
const redacting = { redact: (text: string) => text.replaceAll(SECRET, "[secret]"), showsActivity: true };

/** Everything that a stranger, an agent or a machine may have written. */
function saying(text: string): readonly CardFacts[] {
  const form = {
    ...{ title: text, reason: text, expiresMs: null, onExpire: "fail" as const },
    fields: [field("size", { type: "choice", label: text, options: [text, "b"] })],
  };
  const words = question({ form });
  const free = question({ form: { ...form, fields: [field("why", { label: text })] } });
  const task = { ...TASK, title: text, branch: text, key: "SHOP-12", status: "blocked" as const };
  const told: CardFacts = {
    ...{ ...FACTS, task, causes: [cause({ reason: text })] },
    phases: [phase({ phase: text, verdict: text, summary: text, seq: 2 })],
    runs: [run({ phase: text, model: text, effort: text, summary: text })],
  };
  return [
    { ...told, approval: APPROVAL },
    { ...told, question: words },
    { ...told, question: free },
    { ...told, task: { ...task, status: "failed", finishedAt: NOW } },
    { ...told, task: { ...task, status: "done", finishedAt: NOW } },
  ];
}

test("I12: a secret is in no line, no button and no question of a card, also not in pieces", () => {
  for (const text of [`my ${SECRET} here`, `my sk-very\u200b-secret`, `${"x".repeat(25)}${SECRET}`])
    for (const facts of saying(text)) {
      const page = JSON.stringify(draw(facts, redacting));
      assert.ok(page.includes("[secret]"), page);
      assert.ok(!page.includes("sk-very"), page);
    }
});

test("I13: what strangers write stays a bounded line of visible text, and every chat takes it", () => {
  for (const text of [
    ...Object.values(HOSTILE),
    "",
    "\u200b\n\u202e",
    "x".repeat(1_000_000),
    "\ud800".repeat(99),
  ])
    for (const facts of saying(text)) {
      const { card, ask } = draw(facts, plain);
      for (const message of [card, ...(ask === null ? [] : [ask.message])]) {
        for (const { pieces } of message.lines)
          for (const piece of pieces)
            if ("text" in piece) {
              assert.ok(piece.text.isWellFormed() && piece.text.length <= 1_000, piece.text.slice(0, 80));
              assert.doesNotMatch(piece.text, /[\u0000-\u001f\u007f\u200b\u202e]/);
            }
        for (const { label, action } of message.buttons.flat()) {
          assert.ok(label.length > 0 && label.length <= 40, label);
          assert.match(action, /^[a-z0-9_.-]{1,40}$/);
        }
        for (const show of Object.values(CHATS)) assert.ok(show(message).body.length < 60_000);
      }
    }
});

test("what wants a person is asked once per thing, and a failure anew each time", () => {
  const about = (facts: CardFacts): string | undefined => draw(facts, plain).ask?.about;
  assert.equal(about(scene("asking-approval")), "approval 17");
  assert.equal(about(scene("asking-question")), "question 31");
  assert.equal(about(scene("blocked")), "blocked SHOP-12");
  const failed = scene("failed");
  const again = { ...failed, task: { ...failed.task, finishedAt: NOW } };
  assert.notEqual(about(failed), about(again));
  for (const name of [
    "queued",
    "working",
    "waits-for-ci",
    "limited",
    "held-by-budget",
    "paused",
    "cancelled",
    "done",
  ])
    assert.equal(about(scene(name)), undefined, name);
});

test("a task that goes on by itself meanwhile still asks", () => {
  const facts = scene("asking-approval");
  assert.equal(cardState({ ...facts, task: { ...facts.task, status: "active" }, isRunning: true }), "asking");
});

function scene(name: string): CardFacts {
  const facts = SCENES[name]?.facts;
  assert.ok(facts !== undefined, name);
  return facts;
}

function pageOf({ card, ask }: Shown): string {
  const parts = [
    `== card\n${textOf(card)}`,
    ...(ask === null ? [] : [`== ${ask.about}\n${textOf(ask.message)}`]),
  ];
  for (const [name, show] of Object.entries(CHATS))
    parts.push(`== ${name}\n${JSON.stringify(JSON.parse(show(card).body), null, 2)}\n`);
  return parts.join("\n");
}

function textOf({ lines, buttons }: Message): string {
  const rows = buttons.map((row) =>
    row
      .map(({ label, action, asks }) => `[${label}](${action}${asks === undefined ? "" : ` ? ${asks}`})`)
      .join(" "),
  );
  return `${[...lines.map(lineOf), ...rows].join("\n")}\n`;
}

function lineOf({ pieces, weight, isQuote }: Line): string {
  const told = pieces.map((piece) => {
    if ("time" in piece) return `<${piece.as} ${new Date(piece.time).toISOString()}>`;
    return "href" in piece ? `[${piece.text}](${piece.href})` : piece.text;
  });
  return `${String(weight).padStart(3)} ${isQuote === true ? "> " : ""}${told.join("")}`;
}
