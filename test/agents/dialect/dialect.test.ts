/** What all dialects do alike with a line. */

import assert from "node:assert/strict";
import test from "node:test";
import { emptyTranscript, lineReader } from "../../../agents/dialect/dialect.ts";
import { textAt } from "../../../agents/dialect/fields.ts";

const read = lineReader((transcript, fields) =>
  textAt(fields, "type") === "model" ? { ...transcript, model: textAt(fields, "name") } : null,
);

test("A line that the dialect knows counts as read, and every other line is counted and changes nothing else", () => {
  const empty = emptyTranscript(null, {});
  const known = read(empty, '{"type":"model","name":"sonnet"}');
  assert.deepEqual(known, { ...empty, model: "sonnet", lines: 1 });
  for (const line of ['{"type":"news"}', "plain text", "[1]", "{", ""])
    assert.deepEqual(read(known, line), { ...known, unknownLines: 1 });
});
