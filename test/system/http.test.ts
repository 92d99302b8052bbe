/** The daemon's client. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { promisify } from "node:util";
import { type HttpResult, systemHttp } from "../../system/http.ts";
import { exerciseHttp } from "./exercise-http.ts";
import { serveTls, startProxy } from "./proxy.ts";
import { serve } from "./served.ts";

exerciseHttp(() => systemHttp());

const HTTP = new URL("../../system/http.ts", import.meta.url).href;

test("A proxy of the environment is asked, in capitals or not, but for what no_proxy names", async (t) => {
  const host = await serve(t, (_request, response) => response.end("hello"));
  const url = `http://${host}/`;
  const bodyOf = (result: HttpResult): string =>
    result.kind === "response" ? result.response.body : result.reason;
  for (const name of ["http_proxy", "HTTP_PROXY"]) {
    const proxy = await startProxy(t);
    const env = { [name]: proxy.url };
    assert.equal(bodyOf(await systemHttp(env).request("test", { method: "GET", url })), "hello");
    assert.equal(proxy.asked.length, 1, name);
    assert.ok(proxy.asked[0]?.includes(host), proxy.asked[0]);
    const past = systemHttp({ ...env, no_proxy: "127.0.0.1" });
    assert.equal(bodyOf(await past.request("test", { method: "GET", url })), "hello");
    assert.equal(proxy.asked.length, 1, "it was passed by");
  }
});

test("A proxy that is no address, or not there, is a reason, and no exception", async () => {
  for (const https_proxy of ["not an address", "http://127.0.0.1:1"]) {
    const result = await systemHttp({ https_proxy }).request("test", {
      method: "GET",
      url: "https://127.0.0.1:9/",
    });
    assert.equal(result.kind, "unreachable");
  }
});

test("NODE_EXTRA_CA_CERTS makes a server trusted whose own authority vouches for it, through a proxy too", async (t) => {
  const proxy = await startProxy(t);
  const { host, authority } = await serveTls(t, (_request, response) => response.end("hello"));
  const ask = async (env: Record<string, string>): Promise<string> => {
    const script = `const { systemHttp } = await import(${JSON.stringify(HTTP)});
      const result = await systemHttp(process.env).request("test", { method: "GET", url: "https://${host}/" });
      console.log(result.kind === "response" ? result.response.body : result.reason);`;
    const options = { env: { PATH: process.env["PATH"], ...env } };
    const node = ["--input-type=module", "--eval", script];
    return (await promisify(execFile)(process.execPath, node, options)).stdout.trim();
  };
  assert.match(await ask({}), /did not answer: (DEPTH_ZERO_)?SELF_SIGNED_CERT/);
  assert.equal(await ask({ NODE_EXTRA_CA_CERTS: authority }), "hello");
  assert.deepEqual(proxy.asked, []);
  assert.equal(await ask({ NODE_EXTRA_CA_CERTS: authority, https_proxy: proxy.url }), "hello");
  assert.deepEqual(proxy.asked, [`CONNECT ${host}`]);
});
