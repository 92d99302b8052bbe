/** I9: a machine that cannot start agents for a while is asked now and then, by one job, instead of by all of them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost, type Host } from "../../daemon/host.ts";

interface Scene {
  readonly host: Host;
  now: number;
  rings: number;
}

function scene(): Scene {
  const it: { now: number; rings: number } = { now: 0, rings: 0 };
  const ring = (): void => {
    it.rings += 1;
  };
  return Object.assign(it, { host: createHost({ monotonic: () => it.now }, ring) });
}

/** How long nothing is claimed from now on, in s. */
function pauseOf(it: Scene): number {
  const from = it.now;
  while (it.host.refusal() !== null) it.now += 1_000;
  return (it.now - from) / 1_000;
}

test("I9: after a start that failed nothing is claimed for some seconds, and it is said why", () => {
  const it = scene();
  assert.equal(it.host.refusal(), null);
  it.host.failed("ENOSPC: no space left on device");
  assert.match(it.host.refusal()?.reason ?? "", /could not start the last agent.* every 5 s: ENOSPC/);
  assert.equal(pauseOf(it), 5);
});

test("I9: then one is claimed as a probe, and the pauses grow to a minute while probes fail", () => {
  const it = scene();
  it.host.failed("ENOSPC");
  const pauses = [pauseOf(it)];
  for (let probe = 0; probe < 5; probe++) {
    it.host.claimed();
    assert.notEqual(it.host.refusal(), null, "the probe is alone");
    it.host.failed("ENOSPC");
    pauses.push(pauseOf(it));
  }
  assert.deepEqual(pauses, [5, 10, 20, 40, 60, 60]);
});

test("runs that were claimed together and fail together are one trouble", () => {
  const it = scene();
  for (let run = 0; run < 8; run++) it.host.failed("EAGAIN");
  assert.equal(pauseOf(it), 5);
});

test("an agent that works ends it at once, and the next trouble begins with the first pause", () => {
  const it = scene();
  it.host.works();
  assert.equal(it.rings, 0, "nothing was closed");
  it.host.failed("EMFILE");
  pauseOf(it);
  it.host.claimed();
  it.host.failed("EMFILE");
  it.host.works();
  assert.deepEqual([it.host.refusal(), it.rings], [null, 1]);
  it.host.claimed();
  assert.equal(it.host.refusal(), null);
  it.host.failed("EMFILE");
  assert.equal(pauseOf(it), 5);
});
