/** The names by which the admin side may be asked. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwnHost } from "../../../handlers/api/own-host.ts";

const NAMES = ["board.example.org"];

test("addresses, localhost and the names of the configuration are ours, with whatever port", () => {
  const own = [
    "localhost",
    "localhost:8788",
    "LOCALHOST",
    "localhost.",
    "chargehand.localhost",
    "127.0.0.1:8788",
    "127.1",
    "192.168.1.20:8788",
    "[::1]:8788",
    "[fe80::1]",
    "board.example.org",
    "Board.Example.Org:443",
    "board.example.org.",
  ];
  for (const host of own) assert.equal(isOwnHost(`http://${host}/api/v1/status`, NAMES), true, host);
});

test("every other name leads here by somebody else's doing", () => {
  const strange = [
    "evil.example",
    "evil.example:8788",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "notlocalhost",
    "board.example.org.evil.example",
    "evil-board.example.org",
    "x.board.example.org",
    "1.2.3.4.nip.io",
  ];
  for (const host of strange) assert.equal(isOwnHost(`http://${host}/`, NAMES), false, host);
  assert.equal(isOwnHost("no url at all", NAMES), false);
});
