/** By what is seen that agents have a way to their service. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { signedInBy } from "../../agents/signed-in.ts";
import type { Seen } from "../../system/files/tree.ts";

function by(
  backend: string,
  env: Readonly<Record<string, string>>,
  ...files: readonly string[]
): string | null {
  const look = (path: string): Seen | null =>
    files.includes(path) ? { real: path, kind: "file", changedMs: 0 } : null;
  return signedInBy({ tree: { look }, backend, env, home: "/home/ada" });
}

test("a key in the agent's own environment, or the file of a login, shows it", () => {
  assert.equal(by("claude", { ANTHROPIC_API_KEY: "sk" }), "ANTHROPIC_API_KEY");
  assert.equal(
    by("claude", {}, "/home/ada/.claude/.credentials.json"),
    "/home/ada/.claude/.credentials.json",
  );
  assert.equal(by("codex", {}, "/home/ada/.codex/auth.json"), "/home/ada/.codex/auth.json");
  assert.equal(by("codex", { CODEX_HOME: "/srv/codex" }, "/srv/codex/auth.json"), "/srv/codex/auth.json");
  assert.equal(by("codex", {}, "/srv/codex/auth.json"), null);
});

test("an empty key shows nothing, and of a command nobody can say", () => {
  assert.equal(by("claude", { ANTHROPIC_API_KEY: "" }), null);
  assert.equal(by("command", { ANTHROPIC_API_KEY: "sk" }), "unknown");
});
