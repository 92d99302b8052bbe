/** The tree says what the help says, and nothing that the help hides. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Command, Option } from "commander";
import { treeOf, walk } from "../../../cli/shell/tree.ts";

test("commands, values, choices and paths are told, and what is hidden is not", () => {
  const program = new Command("chargehand").description("does it").version("1", "-V, --version", "print it");
  const list = program.command("list").description("list them").argument("[keys...]", "which");
  list.addOption(new Option("--status <status>", "only so").choices(["open", "done"]));
  list.option("--config <file>", "where it stands").addOption(new Option("--secret").hideHelp());
  program.command("hidden", { hidden: true });
  const tree = treeOf(program);
  assert.deepEqual(
    walk(tree).map(({ path }) => path.join(" ")),
    ["", "list"],
  );
  const [only] = tree.commands;
  assert.deepEqual([only?.usage, only?.says], ["[keys...]", "list them"]);
  assert.deepEqual(
    only?.flags.map(({ long, value }) => [long, value?.choices ?? null, value?.isPath ?? false]),
    [
      ["--status", ["open", "done"], false],
      ["--config", [], true],
      ["--help", null, false],
    ],
  );
});
