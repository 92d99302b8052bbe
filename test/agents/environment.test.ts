/** What an agent sees of the daemon's environment. */

import assert from "node:assert/strict";
import test from "node:test";
import { agentEnvironment } from "../../agents/environment.ts";

const DAEMON = {
  PATH: "/bin",
  HOME: "/home/agent",
  LANG: "de_DE.UTF-8",
  TERM: "xterm",
  TZ: "Europe/Berlin",
  GITHUB_WEBHOOK_SECRET: "hush",
  ANTHROPIC_API_KEY: "sk-ant",
  LISTEN_FDS: "1",
  LISTEN_PID: "1",
  NOTIFY_SOCKET: "/run/systemd/notify",
  WATCHDOG_USEC: "1",
  CREDENTIALS_DIRECTORY: "/run/credentials/chargehand",
  CHARGEHAND_TOKEN: "the operator's",
  CHARGEHAND_CONFIG: "/etc/chargehand/chargehand.yaml",
};

function environment(
  names: readonly string[],
  daemon: Record<string, string> = DAEMON,
  account: Record<string, string> = {},
): Record<string, string> {
  return agentEnvironment({
    daemon,
    profile: { env: names },
    account,
    backend: { DISABLE_AUTOUPDATER: "1" },
    own: { CHARGEHAND_RUN: "r1" },
  });
}

test("I12: an agent sees the allow-list, the house's variables and what its profile names, and nothing else", () => {
  assert.deepEqual(environment(["ANTHROPIC_API_KEY", "NOT_SET"]), {
    PATH: "/bin",
    HOME: "/home/agent",
    LANG: "de_DE.UTF-8",
    TERM: "xterm",
    TZ: "UTC",
    ANTHROPIC_API_KEY: "sk-ant",
    DISABLE_AUTOUPDATER: "1",
    CHARGEHAND_RUN: "r1",
  });
  assert.equal(environment([])["ANTHROPIC_API_KEY"], undefined);
});

test("I12: what belongs between systemd and the daemon, and the daemon's own tokens, cannot even be named", () => {
  const env = environment(Object.keys(DAEMON));
  const leaked = Object.keys(env).filter((name) =>
    /^(LISTEN_|NOTIFY_|WATCHDOG_|CREDENTIALS_|CHARGEHAND_)/.test(name),
  );
  assert.deepEqual(leaked, ["CHARGEHAND_RUN"]);
  assert.equal(env["CHARGEHAND_RUN"], "r1");
  assert.equal(env["TZ"], "UTC");
});

test("A daemon that was started with nothing still gives its agents a PATH", () => {
  assert.equal(environment([], {})["PATH"], "/usr/local/bin:/usr/bin:/bin");
});

test("A profile that names a variable of its backend overrides the backend's value", () => {
  assert.equal(
    environment(["DISABLE_AUTOUPDATER"], { DISABLE_AUTOUPDATER: "0" })["DISABLE_AUTOUPDATER"],
    "0",
  );
});

test("I12: the environment set of an account wins over the profile's, and the house's variables over both", () => {
  const account = { ANTHROPIC_API_KEY: "the account's", CHARGEHAND_RUN: "another's", TZ: "Europe/Berlin" };
  const env = environment(["ANTHROPIC_API_KEY"], DAEMON, account);
  assert.deepEqual(
    [env["ANTHROPIC_API_KEY"], env["CHARGEHAND_RUN"], env["TZ"]],
    ["the account's", "r1", "UTC"],
  );
});
