/** Addresses of one host count as one remote. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { remoteHost } from "../../../forges/git/remote-host.ts";

const HOSTS: readonly (readonly [address: string, host: string])[] = [
  ["https://github.com/acme/shop.git", "github.com"],
  ["https://user:p%40ss@GitHub.com/acme/shop.git", "github.com"],
  ["http://127.0.0.1:3000/a/b", "127.0.0.1:3000"],
  ["ssh://git@forge.example:2222/a/b.git", "forge.example:2222"],
  ["git@github.com:acme/shop.git", "github.com"],
  ["/srv/git/shop.git", "/srv/git/shop.git"],
  ["file:///srv/git/shop.git", "file:///srv/git/shop.git"],
];

for (const [address, host] of HOSTS)
  test(`the remote of ${address} is ${host}`, () => assert.equal(remoteHost(address), host));
