/** A machine without a sandbox is told apart from others, with the remedy that is its own. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { sandboxTrouble } from "../../../agents/sandbox/probe.ts";
import type { CommandResult } from "../../../system/commands.ts";

const SHOWN = { readable: ["/usr"], links: {} };

async function trouble(result: CommandResult, settings: Readonly<Record<string, string>> = {}) {
  const commands = { run: async () => result };
  const setting = async (name: string): Promise<string | null> => settings[name] ?? null;
  return sandboxTrouble({ commands, path: "/usr/bin", setting }, SHOWN);
}

function says(stderr: string): CommandResult {
  return { kind: "exited", code: 1, stdout: "", stderr };
}

test("what works is no trouble", async () => {
  assert.equal(await trouble({ kind: "exited", code: 0, stdout: "", stderr: "" }), null);
});

for (const [what, said, settings, remedy] of [
  [
    "a missing package",
    "chargehand-sandbox: 1: exec: bwrap: not found",
    {},
    /install the package bubblewrap/,
  ],
  [
    "AppArmor of Ubuntu",
    "bwrap: setting up uid map: Permission denied",
    { "kernel/apparmor_restrict_unprivileged_userns": "1" },
    /AppArmor .* profile|profile.*AppArmor/,
  ],
  [
    "namespaces that are used up by decree",
    "bwrap: Creating new namespace failed: No space left on device",
    { "user/max_user_namespaces": "0" },
    /user\.max_user_namespaces/,
  ],
  [
    "an older kernel's switch",
    "bwrap: No permissions to create new namespace",
    { "kernel/unprivileged_userns_clone": "0" },
    /kernel\.unprivileged_userns_clone=1/,
  ],
  ["anything else", "bwrap: Can't mount proc on /newroot/proc: Operation not permitted", {}, /container/],
] as const)
  test(`B6: ${what} has its own remedy, beside what bubblewrap said`, async () => {
    const why = await trouble(says(`${said}\nmore`), settings);
    assert.equal(why?.reason, `bubblewrap cannot make a sandbox: ${said}`);
    assert.match(why?.remedy ?? "", remedy);
  });

test("a probe that hangs or cannot start is trouble, too", async () => {
  const why = await trouble({ kind: "failed", reason: "it took longer than 10000 ms" });
  assert.match(why?.reason ?? "", /took longer/);
});
