/** What is read of the address of a remote. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { githubApi, prefixFor, projectName, readRemote } from "../../../cli/init/remote.ts";

test("host, repository and kind of forge are read of every form of an address", () => {
  const of = (url: string): readonly unknown[] => {
    const { host, repo, forge } = readRemote(url);
    return [host, repo, forge];
  };
  assert.deepEqual(of("git@github.com:acme/shop.git"), ["github.com", "acme/shop", "github"]);
  assert.deepEqual(of("https://github.com/acme/shop"), ["github.com", "acme/shop", "github"]);
  assert.deepEqual(of("ssh://git@github.com/acme/shop.git/"), ["github.com", "acme/shop", "github"]);
  assert.deepEqual(of("https://github.acme.org/acme/shop.git"), ["github.acme.org", "acme/shop", "github"]);
  assert.deepEqual(of("git@gitlab.com:a/b/c.git"), ["gitlab.com", "a/b/c", "gitlab"]);
  assert.deepEqual(of("https://codeberg.org/a/b"), ["codeberg.org", "a/b", "gitea"]);
  assert.deepEqual(of("https://git.example.org:8443/a/b.git"), ["git.example.org:8443", "a/b", "unknown"]);
  assert.deepEqual(of("/srv/git/shop.git"), [null, null, "unknown"]);
  assert.deepEqual(of("../shop.git"), [null, null, "unknown"]);
  assert.deepEqual(of("https://notgithub.com/a/b"), ["notgithub.com", "a/b", "unknown"]);
});

test("a password in the address goes no further", () => {
  assert.equal(
    readRemote("https://ada:s3cret@github.com/acme/shop.git").address,
    "https://github.com/acme/shop.git",
  );
  assert.equal(readRemote("https://ghp_abc@github.com/acme/shop.git").host, "github.com");
});

test("an enterprise server has its API below its own name", () => {
  assert.equal(githubApi("github.com"), "https://api.github.com");
  assert.equal(githubApi("github.acme.org:22"), "https://github.acme.org/api/v3");
});

test("names and prefixes are such as the configuration takes", () => {
  assert.equal(projectName("git@github.com:acme/my.shop.git"), "my.shop");
  assert.equal(projectName("/srv/git/-+ü.git"), "project");
  assert.equal(prefixFor("my-cool-shop"), "MCS");
  assert.equal(prefixFor("shop"), "SHOP");
  assert.equal(prefixFor("3d"), "D");
  assert.equal(prefixFor("42"), "TASK");
});
