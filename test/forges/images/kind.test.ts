/** What a file is by its first bytes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { imageKind } from "../../../forges/images/kind.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

test("Four kinds of images are known by how they begin, and nothing else is one", () => {
  const begins: Record<string, string> = {
    ...{ png: "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", jpeg: "\xff\xd8\xff\xe0\0\x10JFIF" },
    ...{ gif: "GIF89a\x01\0", webp: "RIFF\n\0\0\0WEBPVP8L" },
  };
  for (const [kind, begin] of Object.entries(begins)) assert.equal(imageKind(bytes(begin)), kind);
  const others = [
    ...[
      "",
      "\x89PN",
      "<svg xmlns='http://www.w3.org/2000/svg'>",
      "<!doctype html>",
      " \x89PNG\r\n\x1a\n",
      "%PDF-1.7",
    ],
    ...["RIFF\0\0\0\0WAVEfmt ", "GIF88a", "BM", "\0\0\x01\0", "II*\0", "PK\x03\x04", "\x1f\x8b\x08"],
  ];
  for (const other of others) assert.equal(imageKind(bytes(other)), null, JSON.stringify(other));
});
