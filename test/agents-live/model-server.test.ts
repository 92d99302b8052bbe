/** The scripted model is asked in all four languages, as real clients ask, and says what their vendors would say. */

import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { type Fields, objectAt, objectsAt, parseFields, textAt } from "../../agents/dialect/fields.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import type { Plot } from "./plot.ts";
import { FINAL_TEXT } from "./speech.ts";

const WORK: Plot = { audience: "test", name: "work", waitSeconds: 0, command: "echo hello" };
const SCHEMA = { type: "object", properties: { command: { type: "string" } }, required: ["command"] };

async function open(t: TestContext): Promise<ModelServer> {
  const server = await startModelServer();
  t.after(() => server.close());
  return server;
}

async function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** The data of server-sent events, in order; what is no JSON object is left out. */
async function events(response: Response): Promise<readonly Fields[]> {
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: "));
  return lines.map((line) => parseFields(line.slice("data: ".length))).filter((fields) => fields !== null);
}

async function json(response: Response): Promise<Fields> {
  return parseFields(await response.text()) ?? {};
}

test("Anthropic: a tool call, then a last word, with the usage that the service would tell", async (t) => {
  const server = await open(t);
  const url = `${server.urlFor(WORK)}/v1/messages`;
  const asked = { model: "m", stream: true, tools: [{ name: "Bash", input_schema: SCHEMA }] };
  const first = await events(await post(url, { ...asked, messages: [{ role: "user", content: "go" }] }));
  const begun = objectAt(objectAt(first[0] ?? {}, "message") ?? {}, "usage");
  assert.equal(begun?.["output_tokens"], 1);
  const pieces = first.map((event) => objectAt(event, "delta") ?? {});
  const input = pieces.map((delta) => textAt(delta, "partial_json") ?? "").join("");
  assert.deepEqual(parseFields(input), { command: "echo hello" });
  const ended = first.find((event) => textAt(event, "type") === "message_delta") ?? {};
  assert.equal(textAt(objectAt(ended, "delta") ?? {}, "stop_reason"), "tool_use");
  assert.equal(objectAt(ended, "usage")?.["cache_creation_input_tokens"], 2_003);
  const result = { type: "tool_result", tool_use_id: "x", content: "hello" };
  const messages = [{ role: "user", content: [result] }];
  const last = await events(await post(url, { ...asked, messages }));
  assert.match(JSON.stringify(last), new RegExp(FINAL_TEXT));
  assert.deepEqual(
    server.played(WORK).calls.map(({ bringsResult }) => bringsResult),
    [false, true],
  );
});

test("Responses: tools in a namespace are found, and the answer repeats it", async (t) => {
  const server = await open(t);
  const url = `${server.urlFor(WORK)}/v1/responses`;
  const shell = { type: "function", name: "exec_command", parameters: { ...SCHEMA, required: [] } };
  const extra = { type: "additional_tools", tools: [{ type: "namespace", name: "box", tools: [shell] }] };
  const input = [extra, { role: "user", content: "go" }];
  const said = await events(await post(url, { model: "m", stream: true, input }));
  const numbers = said.map((event) => event["sequence_number"]);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index),
  );
  const response = objectAt(said.at(-1) ?? {}, "response") ?? {};
  const [item] = objectsAt(response, "output");
  assert.equal(textAt(item ?? {}, "namespace"), "box");
  assert.equal(textAt(item ?? {}, "arguments"), '{"command":"echo hello"}');
  assert.deepEqual(objectAt(response, "usage"), {
    input_tokens: 7_011,
    input_tokens_details: { cached_tokens: 4_007, cache_write_tokens: 2_003 },
    output_tokens: 101,
    output_tokens_details: { reasoning_tokens: 40 },
    total_tokens: 7_112,
  });
});

test("Chat Completions: a client that wants no stream gets the same as one object", async (t) => {
  const server = await open(t);
  const url = `${server.urlFor(WORK)}/v1/chat/completions`;
  const tools = [{ type: "function", function: { name: "run_shell_command", parameters: SCHEMA } }];
  const messages = [
    { role: "user", content: "go" },
    { role: "tool", content: "hello" },
  ];
  const whole = await json(await post(url, { model: "m", tools, messages }));
  const [choice] = objectsAt(whole, "choices");
  assert.equal(textAt(choice ?? {}, "finish_reason"), "stop");
  assert.equal(textAt(objectAt(choice ?? {}, "message") ?? {}, "content"), FINAL_TEXT);
  assert.equal(objectAt(whole, "usage")?.["prompt_tokens"], 6_521);
});

test("Gemini: thoughts are beside the output, and an aside gets the JSON it asked for", async (t) => {
  const server = await open(t);
  const models = `${server.urlFor(WORK)}/v1beta/models/g-1`;
  const declared = { name: "run_shell_command", parametersJsonSchema: SCHEMA };
  const tools = [{ functionDeclarations: [declared] }];
  const said = await events(
    await post(`${models}:streamGenerateContent?alt=sse`, { tools, contents: [{ parts: [{ text: "go" }] }] }),
  );
  const usage = objectAt(said.at(-1) ?? {}, "usageMetadata");
  assert.deepEqual([usage?.["candidatesTokenCount"], usage?.["thoughtsTokenCount"]], [61, 40]);
  assert.match(JSON.stringify(said), /"functionCall":\{"name":"run_shell_command"/);
  const answerSchema = { type: "OBJECT", properties: { verdict: { type: "STRING", enum: ["yes", "no"] } } };
  const aside = await json(
    await post(`${models}:generateContent`, { generationConfig: { responseSchema: answerSchema } }),
  );
  assert.match(JSON.stringify(aside), /\{\\"verdict\\":\\"yes\\"\}/);
});

test("a refusal carries the vendor's small print", async (t) => {
  const server = await open(t);
  const plot: Plot = { ...WORK, name: "usage_limit", waitSeconds: 7_200 };
  const now = Date.now() / 1_000;
  const anthropic = await post(`${server.urlFor(plot)}/v1/messages`, { model: "m", messages: [] });
  assert.equal(anthropic.status, 429);
  assert.equal(anthropic.headers.get("anthropic-ratelimit-unified-status"), "rejected");
  const resetAt = Number(anthropic.headers.get("anthropic-ratelimit-unified-reset"));
  assert.ok(resetAt > now + 7_000 && resetAt < now + 7_400);
  const openai = await json(await post(`${server.urlFor(plot)}/v1/responses`, { model: "m" }));
  assert.equal(textAt(objectAt(openai, "error") ?? {}, "type"), "usage_limit_reached");
  const google = await json(
    await post(`${server.urlFor(plot)}/v1beta/models/g-1:generateContent`, { contents: [] }),
  );
  assert.match(textAt(objectAt(google, "error") ?? {}, "message") ?? "", /reset after 2h0m0s/);
});

test("an answer that trickles goes on until the client has had enough", { timeout: 30_000 }, async (t) => {
  const server = await open(t);
  const plot: Plot = { ...WORK, name: "trickle" };
  const enough = new AbortController();
  const messages = [
    { role: "user", content: "go" },
    { role: "tool", content: "hello" },
  ];
  const tools = [{ type: "function", function: { name: "bash", parameters: SCHEMA } }];
  const response = await fetch(`${server.urlFor(plot)}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", stream: true, tools, messages }),
    signal: enough.signal,
  });
  let text = "";
  const reading = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('" 3"')) enough.abort();
    }
  };
  await assert.rejects(reading(), { name: "AbortError" });
  assert.ok(server.played(plot).drips >= 3);
});

test("what it does not know is answered 404, and what is no JSON too", async (t) => {
  const server = await open(t);
  const base = server.urlFor(WORK);
  assert.equal((await fetch(`${base}/v1/elsewhere`)).status, 404);
  assert.equal((await fetch(`${base}/v1/messages`, { method: "POST", body: "no" })).status, 404);
  assert.equal((await fetch(new URL("/", base))).status, 404);
  assert.equal((await post(`${base}/v1/messages/count_tokens`, { model: "m" })).status, 200);
});
