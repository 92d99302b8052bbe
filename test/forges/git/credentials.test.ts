/** Secrets of addresses: out of every argument, and into a file as git reads it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialLine, secureHost, splitUrl } from "../../../forges/git/credentials.ts";

test("user and password leave an address over HTTP; the user of an ssh address stays", () => {
  assert.deepEqual(splitUrl("https://ann:p%40ss@git.example.org:8443/a/b.git"), {
    address: "https://git.example.org:8443/a/b.git",
    credential: { username: "ann", password: "p@ss" },
  });
  assert.deepEqual(splitUrl("https://ghp_x@github.com/a/b").credential, { username: "ghp_x", password: "" });
  for (const plain of ["git@github.com:a/b.git", "ssh://git@h/a", "/srv/a.git", "https://h/a@b"])
    assert.deepEqual(splitUrl(plain), { address: plain, credential: null });
});

test("the file's line is an address with both, encoded, and without a path", () => {
  assert.equal(
    credentialLine("https://git.example.org:8443/a/b.git", { username: "a:b", password: "p@ss/w" }),
    "https://a%3Ab:p%40ss%2Fw@git.example.org:8443\n",
  );
});

test("a token goes to a host over HTTPS only", () => {
  assert.equal(secureHost("https://GitHub.com/a/b"), "github.com");
  assert.equal(secureHost("http://github.com/a/b"), null);
  assert.equal(secureHost("git@github.com:a/b"), null);
});
