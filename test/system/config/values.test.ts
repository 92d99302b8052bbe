/** Addresses in the configuration. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { serviceUrl } from "../../../system/config/values.ts";

test("I12: secrets go in plain HTTP to one's own network alone", () => {
  const fine = [
    "https://api.telegram.org/",
    "http://127.0.0.1:8081",
    "http://[::1]:1/x",
    "http://bot-api",
    "http://ntfy.lan/topic",
    "http://10.1.2.3",
    "http://172.20.0.1:80",
  ];
  for (const url of fine) assert.ok(serviceUrl.safeParse(url).success, url);
  const foreign = [
    "http://api.telegram.org",
    "http://172.40.0.1",
    "http://8.8.8.8",
    "http://127.0.0.1.example.org",
  ];
  for (const url of foreign) {
    const read = serviceUrl.safeParse(url);
    assert.match(read.error?.issues[0]?.message ?? "", /must begin with https:/, url);
  }
});
