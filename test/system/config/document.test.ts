/** A file that is no YAML, or no mapping, is refused where it goes wrong. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../../daemon/config/reading.ts";

const { problems } = reading();

test("YAML that cannot be parsed is refused with its line, one problem per line, and a hint about quotes", async () => {
  const found = await problems(`data_dir: x\nsources: { github: { secret: \${NAME} } }\n`);
  assert.deepEqual(
    found.map(({ line }) => line),
    [2],
  );
  assert.match(found[0]?.message ?? "", /needs quotes/);
  assert.match((await problems("data_dir: x\ndata_dir: y\n"))[0]?.message ?? "", /unique/i);
  assert.match((await problems(""))[0]?.message ?? "", /must be a mapping/);
  assert.match((await problems("- a\n"))[0]?.message ?? "", /must be a mapping/);
});
