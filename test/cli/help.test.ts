/** `chargehand --help` and the help of every command, as one golden page. `UPDATE=1` writes it anew. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { chargehand } from "./scripted-daemon.ts";

const GOLDEN = new URL("../golden/help.txt", import.meta.url);

const PAGES: readonly (readonly string[])[] = [
  [],
  ["init"],
  ["doctor"],
  ["serve"],
  ["demo"],
  ["status"],
  ["tasks"],
  ["task"],
  ["explain"],
  ["jobs"],
  ["runs"],
  ["kill"],
  ["logs"],
  ["deliveries"],
  ["deliveries", "list"],
  ["deliveries", "show"],
  ["deliveries", "replay"],
  ["webhook"],
  ["webhook", "test"],
  ["webhook", "send"],
  ["outbox"],
  ["outbox", "list"],
  ["outbox", "retry"],
  ["outbox", "drop"],
  ["kept"],
  ["kept", "list"],
  ["kept", "show"],
  ["kept", "publish"],
  ["kept", "drop"],
  ["workflow"],
  ["workflow", "list"],
  ["workflow", "check"],
  ["workflow", "show"],
  ["workflow", "try"],
  ["workflow", "schema"],
  ["agent"],
  ["agent", "ask"],
  ["artifacts"],
  ["approve"],
  ["reject"],
  ["abort"],
  ["ci"],
  ["say"],
  ["questions"],
  ["answer"],
  ["schedules"],
  ["schedules", "list"],
  ["schedules", "show"],
  ["schedules", "next"],
  ["schedules", "preview"],
  ["schedules", "open"],
  ["schedules", "close"],
  ["schedules", "clear"],
  ["schedules", "add"],
  ["schedules", "edit"],
  ["schedules", "remove"],
  ["schedules", "run"],
  ["artifacts"],
  ["approve"],
  ["reject"],
  ["abort"],
  ["say"],
  ["cancel"],
  ["retry"],
  ["budget"],
  ["budget", "list"],
  ["budget", "raise"],
  ["account"],
  ["account", "login"],
  ["chat"],
  ["chat", "link"],
  ["notify"],
  ["notify", "test"],
  ["cooldown"],
  ["cooldown", "list"],
  ["cooldown", "clear"],
  ["pause"],
  ["resume"],
  ["stop-all"],
  ["new"],
  ["artifacts"],
  ["approve"],
  ["reject"],
  ["abort"],
  ["say"],
  ["depend"],
  ["freeze"],
  ["unfreeze"],
  ["backup"],
  ["restore"],
  ["migrate"],
  ["completion"],
];

test("the help is the golden one, and fits 100 columns", async () => {
  let text = "";
  for (const page of PAGES) {
    const { code, out } = await chargehand([...page, "--help"]);
    assert.equal(code, 0);
    text += `$ chargehand ${[...page, "--help"].join(" ")}\n${out}\n`;
  }
  for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
  if (process.env["UPDATE"]) await writeFile(GOLDEN, text);
  assert.equal(await readFile(GOLDEN, "utf8"), text, "run this test with UPDATE=1 and read the difference");
});

test("every command that can be called has its page in the golden help", async () => {
  const { out } = await chargehand(["--help"]);
  const listed = out.split("Commands:")[1]?.split("\n\n")[0] ?? "";
  const names = [...listed.matchAll(/^ {2}([\w-]+)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== "help");
  assert.deepEqual(new Set(names), new Set(PAGES.flatMap(([name]) => name ?? [])));
});
