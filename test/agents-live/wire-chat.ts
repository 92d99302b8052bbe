/** An answer in the words of OpenAI's Chat Completions, which half the world speaks. */

import type { ModelRequest } from "./request.ts";
import { allInput, dataEvent, type Speech, type Tokens, type Wire } from "./speech.ts";
import { useShell } from "./tool.ts";

export function chatWire(request: ModelRequest, speech: Speech, id: string, seconds: number): Wire {
  const tool = speech.command === null ? null : useShell(request.tools, speech.command);
  const base = { id: `chatcmpl-${id}`, created: seconds, model: request.model };
  const called = {
    id: `call_${id}`,
    type: "function",
    function: { name: tool?.name, arguments: JSON.stringify(tool?.input) },
  };
  const calls = tool === null ? {} : { tool_calls: [called] };
  const finish = tool === null ? "stop" : "tool_calls";
  const usage = usageOf(speech.tokens);
  const chunk = (delta: object, reason: string | null): string =>
    dataEvent({
      ...base,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason: reason }],
    });
  const drip = (content: string): string => chunk({ content }, null);
  const callChunk = tool === null ? [] : [chunk({ tool_calls: [{ index: 0, ...called }] }, null)];
  const last = { ...base, object: "chat.completion.chunk", choices: [], usage };
  const message = { role: "assistant", content: speech.text, ...calls };
  return {
    head: [chunk({ role: "assistant", content: "" }, null), drip(speech.text)],
    drip,
    tail: () => [...callChunk, chunk({}, finish), dataEvent(last), "data: [DONE]\n\n"],
    whole: {
      ...base,
      object: "chat.completion",
      choices: [{ index: 0, finish_reason: finish, message }],
      usage,
    },
  };
}

/** Its input holds what was read from caches, and does not know of writing to them. */
function usageOf(tokens: Tokens): object {
  const input = allInput(tokens);
  return {
    prompt_tokens: input,
    completion_tokens: tokens.out,
    total_tokens: input + tokens.out,
    prompt_tokens_details: { cached_tokens: tokens.read },
    completion_tokens_details: { reasoning_tokens: tokens.thinking },
  };
}
