/** An answer in the words of OpenAI's Responses API. */

import type { ModelRequest } from "./request.ts";
import { allInput, namedEvent, type Speech, type Tokens, type Wire } from "./speech.ts";
import { type ToolUse, useShell } from "./tool.ts";

type Say = (type: string, more: object) => string;

export function responsesWire(request: ModelRequest, speech: Speech, id: string, seconds: number): Wire {
  const tool = speech.command === null ? null : useShell(request.tools, speech.command);
  const item = tool === null ? messageItem(speech.text, id) : toolItem(tool, id);
  const base = {
    id: `resp_${id}`,
    object: "response",
    created_at: seconds,
    model: request.model,
    error: null,
    incomplete_details: null,
  };
  let number = 0;
  const say: Say = (type, more) => {
    const event = namedEvent(type, { type, sequence_number: number, ...more });
    number += 1;
    return event;
  };
  const place = { item_id: `item_${id}`, output_index: 0, content_index: 0 };
  const whole = { ...base, status: "completed", output: [item], usage: usageOf(speech.tokens) };
  const begun = { ...item, status: "in_progress", ...(tool === null ? { content: [] } : {}) };
  const drip = (delta: string): string => say("response.output_text.delta", { ...place, delta });
  const part = { type: "output_text", text: "", annotations: [] };
  const response = { ...base, status: "in_progress", output: [], usage: null };
  return {
    head: [
      say("response.created", { response }),
      say("response.output_item.added", { output_index: 0, item: begun }),
      ...(tool === null ? [say("response.content_part.added", { ...place, part }), drip(speech.text)] : []),
    ],
    drip,
    tail: () => [
      ...(tool === null ? textDone(say, place, speech.text) : [inputDone(say, tool, place)]),
      say("response.output_item.done", { output_index: 0, item }),
      say("response.completed", { response: whole }),
    ],
    whole,
  };
}

function messageItem(text: string, id: string): object {
  const content = [{ type: "output_text", text, annotations: [] }];
  return { type: "message", id: `item_${id}`, role: "assistant", status: "completed", content };
}

function toolItem({ name, namespace, input }: ToolUse, id: string): object {
  const call = {
    id: `item_${id}`,
    call_id: `call_${id}`,
    name,
    status: "completed",
    ...(namespace === null ? {} : { namespace }),
  };
  return typeof input === "string"
    ? { type: "custom_tool_call", ...call, input }
    : { type: "function_call", ...call, arguments: JSON.stringify(input) };
}

function textDone(say: Say, place: object, text: string): readonly string[] {
  const part = { type: "output_text", text, annotations: [] };
  return [
    say("response.output_text.done", { ...place, text }),
    say("response.content_part.done", { ...place, part }),
  ];
}

function inputDone(say: Say, { input }: ToolUse, place: object): string {
  return typeof input === "string"
    ? say("response.custom_tool_call_input.done", { ...place, input })
    : say("response.function_call_arguments.done", { ...place, arguments: JSON.stringify(input) });
}

/** Its input holds what was read from and written to caches; its output holds the reasoning. */
function usageOf(tokens: Tokens): object {
  const input = allInput(tokens);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: tokens.read, cache_write_tokens: tokens.write },
    output_tokens: tokens.out,
    output_tokens_details: { reasoning_tokens: tokens.thinking },
    total_tokens: input + tokens.out,
  };
}
