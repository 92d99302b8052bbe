/** I13: what becomes an argument of a program is no flag and no path, whoever named it. */

import assert from "node:assert/strict";
import test from "node:test";
import { option } from "../../agents/argument.ts";
import { backendFor, backendNames } from "../../agents/registry.ts";
import { invoke } from "./profile.ts";

const REAL: Readonly<Record<string, string>> = {
  opencode: "ses_4e2a9c1b0ffeX9mQ7Zs3kT2vLb",
  other: "47fd4724-6c0e-4a0e-9d5c-0f6d7f1f2a3b",
};

test("a value stands behind its flag, and nothing where there is none", () => {
  assert.deepEqual(option("--model", "sonnet[1m]"), ["--model=sonnet[1m]"]);
  assert.deepEqual(option("--model", null), []);
});

test("I13: a session's name is one that the program gives, and never a flag, a path or a neighbour's", () => {
  const hostile = [
    "",
    "-x",
    "--model=x",
    "../x",
    "/etc/passwd",
    "a/b",
    "a b",
    "a\nb",
    "a\u202eb",
    "~/x",
    "https://x",
    "x".repeat(300),
  ];
  for (const name of backendNames.filter((one) => one !== "command")) {
    const { sessionName } = backendFor(name);
    assert.ok(sessionName.test(REAL[name] ?? REAL["other"] ?? ""), name);
    for (const session of hostile) assert.ok(!sessionName.test(session), `${name}: ${session}`);
  }
  for (const session of ["latest", "1", "17"]) assert.ok(!backendFor("gemini").sessionName.test(session));
});

test("I13: model, effort and session never stand alone where a program takes a flag's value behind a `=`", () => {
  const profile = { model: "-m-17", effort: "-e-17" };
  for (const name of backendNames.filter((one) => !["command", "pi"].includes(one))) {
    const { argv } = invoke(backendFor(name), profile, "-s-17");
    const alone = argv.filter((argument) => argument.startsWith("-m-17") || argument.startsWith("-e-17"));
    assert.deepEqual(alone, [], name);
  }
});

test("I13: text from outside is in no prompt of a program that attaches files by their names", () => {
  const kinds = backendNames.map((name) => [name, backendFor(name).outsideText]);
  const inFile = kinds.filter(([, kind]) => kind === "file").map(([name]) => name);
  assert.deepEqual(inFile, ["claude", "gemini", "qwen"]);
  for (const name of inFile) {
    const { argv } = invoke(backendFor(name ?? ""));
    assert.ok(
      argv.some((argument) => argument.endsWith("=/run/asked")),
      name,
    );
  }
});
