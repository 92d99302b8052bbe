/** Servers of the Model Context Protocol for Codex: nothing of them on the command line but where their script lies. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { codex } from "../../../agents/codex/codex.ts";
import { serverScripts } from "../../../agents/codex/servers.ts";
import { invoke } from "../profile.ts";

test("I12: of a server the command line names the script alone; command, arguments and environment stand in that", () => {
  const mcp = { tracker: { command: "/usr/bin/node", args: ['a "b"', "c"], env: { KEY: "s3cret" } } };
  const { argv, files } = invoke(codex, { mcp });
  assert.deepEqual(argv.slice(-4), [
    ...["-c", 'mcp_servers.tracker.command="/bin/sh"'],
    ...["-c", 'mcp_servers.tracker.args=["/run/mcp-tracker.sh"]'],
  ]);
  assert.doesNotMatch(argv.join(" "), /s3cret/);
  assert.deepEqual(Object.keys(files), ["mcp-tracker.sh"]);
  assert.deepEqual(invoke(codex).files, {});
});

test("A17: the script becomes the server, with its words as they are, its environment, and the mark of the run", () => {
  const words = ["it's", '"$HOME" `id` $(id)', "two\nlines", ""];
  const show = `printf '%s|' "$@"; printf '%s|%s|' "$KEY" "$CHARGEHAND_RUN"`;
  const mcp = {
    a: { command: "/bin/sh", args: ["-c", show, "server", ...words], env: { KEY: "it's $k\n" } },
  };
  const script = serverScripts(mcp, "r1")["mcp-a.sh"];
  const said = execFileSync("/bin/sh", ["-s"], { input: script ?? "", encoding: "utf8", env: {} });
  assert.equal(said, [...words, "it's $k\n", "r1", ""].join("|"));
});
