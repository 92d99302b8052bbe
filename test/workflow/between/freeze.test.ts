/** Freezes: what an address names, and what a freeze says of itself. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  eventOfFreeze,
  eventOfThaw,
  freezeBy,
  holdOfFreeze,
  noticeOfFreeze,
  repoOf,
} from "../../../workflow/between/freeze.ts";

const FREEZE = { project: "shop", by: "ada", because: "the deploy is bad", key: "k" };

test("A11: one repository has one name, whatever way it is reached", () => {
  const same = [
    "https://forge.example/acme/shop",
    "https://robot:s3cret@Forge.Example/acme/shop.git",
    "https://forge.example:8443/acme/shop.git/",
    "git@forge.example:acme/shop.git",
    "ssh://git@forge.example:2222/acme/shop.git",
    "forge.example:/acme/shop",
  ];
  for (const url of same) assert.equal(repoOf(url), "forge.example/acme/shop", url);
  assert.notEqual(repoOf("https://forge.example/acme/shop2"), repoOf("https://forge.example/acme/shop"));
  for (const url of ["/srv/git/shop.git", "file:///srv/git/shop", "/srv/git/shop/"])
    assert.equal(repoOf(url), "/srv/git/shop", url);
});

test("A11: a freeze says who, why and how it ends, on one line whatever an agent wrote", () => {
  const { kind, reason, remedy, until } = holdOfFreeze({ ...FREEZE, because: "5xx\n\u202eon \u0000all" });
  assert.deepEqual([kind, reason, until], ["freeze", "frozen by ada: 5xx on all", null]);
  assert.equal(remedy, 'chargehand unfreeze shop --because "…"');
  assert.ok(holdOfFreeze({ ...FREEZE, because: "x".repeat(9_999) }).reason.length <= 2_000);
  assert.deepEqual(eventOfFreeze(FREEZE).data, { by: "ada", reason: "the deploy is bad" });
  assert.deepEqual([eventOfThaw(FREEZE).kind, eventOfThaw(FREEZE).key], ["project.unfrozen", "k"]);
  const { kind: notice, payload } = noticeOfFreeze(FREEZE);
  assert.deepEqual([notice, payload["project"]], ["project.frozen", "shop"]);
});

test("A11: a verdict freezes with what its agent said, or else with the verdict", () => {
  const phase = { phase: "deploy", verdict: "DEGRADED", summary: " errors on checkout ", seq: 7 };
  const freeze = freezeBy({ key: "SHOP-12", project: "shop" }, phase);
  assert.deepEqual(freeze, {
    ...{
      project: "shop",
      by: "SHOP-12, phase deploy",
      because: "errors on checkout",
      key: "frozen:SHOP-12:7",
    },
  });
  const silent = freezeBy({ key: "SHOP-12", project: "shop" }, { ...phase, summary: null });
  assert.equal(silent.because, "phase deploy ended with the verdict DEGRADED");
});
