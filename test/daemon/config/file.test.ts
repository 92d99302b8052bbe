/** Where the file is looked for, and how a problem in it is told. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { findDataDir } from "../../../daemon/config/data-dir.ts";
import { printProblem } from "../../../daemon/config/file.ts";
import { loadConfig } from "../../../daemon/config/load.ts";
import { systemFiles } from "../../../system/files.ts";
import { reading } from "./reading.ts";
import { edited } from "./refusals.ts";

const { path, problems, write } = reading();

test("a problem is printed as file, line, column, path and sentence", async () => {
  const [problem] = await problems(edited(11, "    prefix: shop"));
  assert.ok(problem);
  assert.match(printProblem(problem), /^\/.*chargehand\.yaml:11:13: projects\[0\]\.prefix: must be /);
});

test("the file is taken from --config, else $CHARGEHAND_CONFIG, and a missing one is named", async () => {
  const one = path("one.yaml");
  const two = path("two.yaml");
  await write("one.yaml", "data_dir: one\n");
  await write("two.yaml", "data_dir: two\n");
  const env = { CHARGEHAND_CONFIG: two };
  const given = await findDataDir({ path: one, env });
  const named = await findDataDir({ env });
  assert.deepEqual(
    [given, named],
    [
      { kind: "ok", dataDir: path("one") },
      { kind: "ok", dataDir: path("two") },
    ],
  );
  const missing = await loadConfig({ path: path("three.yaml"), env });
  assert.match(
    missing.kind === "problems" ? missing.problems.map(printProblem).join() : "",
    /three.yaml: there is no such file/,
  );
});

test("where nothing is found, the places are listed", async () => {
  const files = {
    ...systemFiles(),
    read: () => Promise.resolve(null),
  };
  const loaded = await loadConfig({ env: {}, files });
  const said = loaded.kind === "problems" ? loaded.problems.map(printProblem).join() : "";
  assert.match(
    said,
    /\.\/chargehand\.yaml and \/etc\/chargehand\/chargehand\.yaml.*--config or \$CHARGEHAND_CONFIG/,
  );
});
