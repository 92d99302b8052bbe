/** Who may ask for nothing is told so alone, and makes nobody call out by how often they press. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createAside } from "../../../handlers/chat/aside.ts";
import { line, messageOf } from "../../../handlers/chat/told.ts";
import { nullLog } from "../../../system/log.ts";
import { heardLog } from "../hand-moved.ts";
import { type HandEar, handEar, pressOf, textOf, updateOf } from "./ear.ts";

const NO = messageOf([line("no")]);

function setting() {
  let now = 0;
  const aside = createAside({ clock: { monotonic: () => now }, log: nullLog() });
  const tell = (ear: HandEar, id: string, incoming = pressOf("tok", "cancel")): void => {
    assert.ok(incoming.kind === "press" || incoming.kind === "text");
    aside.tell(
      { ear, update: updateOf(incoming), incoming: { ...incoming, person: { id, name: "x" } } },
      NO,
      "no",
    );
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { tell, pass };
}

test("a person is told once in a minute, however often they press", () => {
  const { tell, pass } = setting();
  const ear = handEar();
  for (let times = 0; times < 50; times++) tell(ear, "666");
  tell(ear, "667");
  assert.equal(ear.told.length, 2);
  pass(59_999);
  tell(ear, "666");
  assert.equal(ear.told.length, 2);
  pass(1);
  tell(ear, "666");
  assert.deepEqual(
    ear.told.map(({ text }) => text),
    ["no", "no", "no"],
  );
});

test("of a crowd some are told, and others in the next minute", () => {
  const { tell, pass } = setting();
  const ear = handEar();
  for (let who = 0; who < 1_000; who++) tell(ear, `${who}`);
  assert.equal(ear.told.length, 200);
  pass(60_000);
  tell(ear, "999");
  assert.equal(ear.told.length, 201);
});

test("who can be answered alone is, whatever they have said; elsewhere only a press has words", () => {
  const { tell } = setting();
  const [discreet, loud] = [handEar("a", true), handEar("b")];
  for (const ear of [discreet, loud]) {
    tell(ear, "1", textOf("/cancel SHOP-1", { isCommand: true }));
    tell(ear, "2");
  }
  assert.deepEqual(
    discreet.answered.map(({ message }) => message),
    [NO, NO],
  );
  assert.deepEqual([discreet.told.length, loud.told.length], [0, 1]);
});

test("what cannot be told is written in the log, and is no fault", async () => {
  const log = heardLog();
  const aside = createAside({ clock: { monotonic: () => 0 }, log });
  const incoming = pressOf("tok", "cancel");
  assert.ok(incoming.kind === "press");
  const ear = { ...handEar(), acknowledge: () => Promise.reject(new Error("down")) };
  aside.tell({ ear, update: updateOf(incoming), incoming }, NO, "no");
  await Promise.resolve();
  await Promise.resolve();
  assert.match(JSON.stringify(log.lines), /chat.unacknowledged.*down/);
});
