/** The whole daemon with GitHub as the only source, which nobody's webhooks tell of: what is asked becomes work. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { type FakeGithub, startFakeGithub } from "../../cli/stage/fake-github/start.ts";
import { DaemonProcess } from "./daemon-process.ts";

interface Status {
  readonly watched: readonly {
    readonly place: string;
    readonly looked_at: string | null;
    readonly faults: unknown[];
  }[];
}

function poll(stage: DaemonProcess, github: FakeGithub, every: string): void {
  const text = readFileSync(stage.config, "utf8");
  const source = `github: { token: ${github.token}, api_url: "${github.api}", poll: ${every} }`;
  const asked = text.replace(/github: \{[^}]*\}/, source);
  assert.notEqual(asked, text);
  writeFileSync(stage.config, asked);
}

/** Whoever works on the first task has seen the image of its issue. */
const AGENT = `
  image="$(dirname "$CHARGEHAND_RESULT")/../asked/image-1.png"
  [ "$CHARGEHAND_TASK" != SHOP-1 ] || [ "$(cat "$image" | tail -c 7)" = "a shelf" ] || exit 1
  echo worked >> work.txt`;

test("A13: without any webhook, what was labelled is worked on: at the next look, and at once after a start", async () => {
  const github = await startFakeGithub();
  const stage = new DaemonProcess({ argv: ["/bin/sh", "-c", AGENT] });
  const done = (key: string) => async (): Promise<boolean> =>
    (await stage.api<{ status: string }>(`/api/v1/tasks/${key}`)).body.status === "done";
  try {
    poll(stage, github, "10s");
    await stage.start();
    const watched = async (): Promise<Status["watched"]> =>
      (await stage.api<Status>("/api/v1/status")).body.watched;
    await stage.until("it was looked at", async () => (await watched())[0]?.looked_at != null);
    assert.deepEqual((await watched())[0]?.faults, []);
    const image = Buffer.from("\x89PNG\r\n\x1a\n a shelf", "latin1").toString("base64");
    const body = `It looks like this: ![door](${github.people.attach({ base64: image })})`;
    github.people.open({ repo: "acme/shop", by: "ada", title: "Fix the door", body, labels: ["agent"] });
    await stage.until("the first task is done", done("SHOP-1"));
    assert.equal(await stage.end("SIGTERM"), 0);
    github.people.open({ repo: "acme/shop", by: "ada", title: "And the window", labels: ["agent"] });
    poll(stage, github, "24h");
    await stage.start();
    await stage.until("the second task is done", done("SHOP-2"));
    const deliveries = await stage.api<{ deliveries: unknown[] }>("/api/v1/deliveries");
    assert.equal(deliveries.body.deliveries.length, 2);
  } finally {
    await stage.close();
    await github.close();
  }
});
