/** Which addresses are anybody's on the net. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublicAddress, literalAddress } from "../../../system/fetch/public-address.ts";

test("This machine, its network, a cloud's credentials and tunnels to them are not public", () => {
  const inside = [
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255"],
    ...["192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fd00:ec2::254"],
    ...[
      "::ffff:127.0.0.1",
      "::ffff:8.8.8.8",
      "64:ff9b::7f00:1",
      "2002:7f00:1::",
      "2001:0:53aa::1",
      "ff02::1",
    ],
    ...["", "nothing", "127.1"],
  ];
  assert.deepEqual(inside.filter(isPublicAddress), []);
  const outside = ["8.8.8.8", "140.82.121.3", "172.32.0.1", "2606:50c0:8000::153", "2a00:1450::1"];
  assert.deepEqual(outside.filter(isPublicAddress), outside);
});

test("A host of a URL that is an address is one however it was written", () => {
  const hosts = [
    "https://127.1/",
    "https://0x7f.0.0.1/",
    "https://2130706433/",
    "https://[::1]/",
    "https://a.b/",
  ];
  const found = hosts.map((url) => literalAddress(new URL(url).hostname));
  assert.deepEqual(found, ["127.0.0.1", "127.0.0.1", "127.0.0.1", "::1", null]);
});
