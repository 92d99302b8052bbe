/** Several accounts of one program with a real daemon: each has its own disk and its own environment. */

import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runsOf } from "./budgeted.ts";
import { statusOf } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";

const FIXTURES = new URL("../fixtures/claude/", import.meta.url).pathname;
const RECORDED_RESET = 1_795_245_063;

/**
 * Keeps its sessions below `CLAUDE_CONFIG_DIR`, as Claude Code does, and knows no others. With account `one` it is at
 * its limit.
 */
function claudeOf(folder: string): string {
  const program = join(folder, "claude");
  const script = `#!/bin/sh
cat >/dev/null
home=$CLAUDE_CONFIG_DIR
echo "$home" >>${folder}/homes
mkdir -p "$home"
while [ $# -gt 0 ]; do [ "$1" = --resume ] && resume=$2; shift; done
if [ -n "$resume" ] && [ ! -e "$home/$resume" ]; then
  echo "No conversation found with session ID: $resume" >&2
  exit 1
fi
case $home in
  *one)
    touch "$home/de56a9de-80d3-4e66-8ab2-60ff467873b2"
    sed "s/${RECORDED_RESET}/$(( $(date +%s) + 7200 ))/g" ${FIXTURES}usage-limit-oauth.stdout
    exit 1 ;;
esac
cat ${FIXTURES}effort-high.stdout
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

function configure(stage: DaemonProcess, names: readonly string[], cloneUrl = stage.remote): void {
  const program = claudeOf(stage.folder);
  const accounts = names.map(
    (name) => `${name}: { backend: claude, env: { CLAUDE_CONFIG_DIR: ${stage.folder}/${name} } }`,
  );
  const agent = `{ backend: claude, program: ${program}, accounts: [${names.join(", ")}], max_attempts: 1 }`;
  stage.configure({ argv: [], agent, cloneUrl });
  appendFileSync(stage.config, `accounts: { ${accounts.join(", ")} }\n`);
}

test("F4, I9: another account does not continue the session of the first, which is not on its disk", async () => {
  const stage = new DaemonProcess({ argv: [] });
  configure(stage, ["one", "two"]);
  try {
    await stage.start();
    await stage.label(1);
    await stage.until("the task is done", async () => (await statusOf(stage, "SHOP-1")) === "done");
    const runs = await runsOf(stage, "SHOP-1");
    assert.deepEqual(
      runs.map(({ account, status, failure_class: failure }) => [account, status, failure]),
      [
        ["two", "succeeded", null],
        ["one", "failed", "usage_limit"],
      ],
    );
  } finally {
    await stage.close();
  }
});

test("F4: an account that leaves the configuration while its run is prepared is not used without its environment", async () => {
  const stage = new DaemonProcess({ argv: [] });
  const [asked, go] = [join(stage.folder, "asked"), join(stage.folder, "go")];
  const ssh = join(stage.folder, "ssh");
  const script = `#!/bin/sh\ntouch ${asked}\nuntil [ -e ${go} ]; do sleep 0.05; done\nexec git-upload-pack ${stage.remote}\n`;
  writeFileSync(ssh, script, { mode: 0o755 });
  process.env["GIT_SSH_COMMAND"] = ssh;
  configure(stage, ["one"], "ssh://x@localhost/shop.git");
  try {
    await stage.start();
    await stage.label(1);
    await stage.until("the repository is being cloned", () => existsSync(asked));
    configure(stage, ["two"], "ssh://x@localhost/shop.git");
    process.kill(stage.pid, "SIGHUP");
    await stage.until("the file is read again", () => stage.log.includes("config.reloaded"));
    writeFileSync(go, "");
    await stage.until("account two has worked", async () =>
      (await runsOf(stage, "SHOP-1")).some(
        ({ account, status }) => account === "two" && status !== "starting",
      ),
    );
    // It is running from the moment its gate opens; what it is asked for here it writes a little later.
    const written = join(stage.folder, "homes");
    await stage.until("its agent has said which home it has", () => existsSync(written));
    await stage.until("it has said so in a whole line", () => readFileSync(written, "utf8").endsWith("\n"));
    const homes = readFileSync(written, "utf8").trim().split("\n");
    assert.deepEqual([...new Set(homes)], [join(stage.folder, "two")]);
    const [first] = (await runsOf(stage, "SHOP-1")).slice(-1);
    assert.deepEqual([first?.account, first?.failure_class], ["one", "interrupted"]);
    assert.match(first?.reason ?? "", /account one is not in the configuration any more/);
  } finally {
    delete process.env["GIT_SSH_COMMAND"];
    await stage.close();
  }
});
