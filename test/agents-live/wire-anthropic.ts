/** An answer in the words of Anthropic's Messages API. */

import type { ModelRequest } from "./request.ts";
import { namedEvent, type Speech, type Tokens, type Wire } from "./speech.ts";
import { useShell } from "./tool.ts";

export function anthropicWire(request: ModelRequest, speech: Speech, id: string): Wire {
  const tool = speech.command === null ? null : useShell(request.tools, speech.command);
  const text = { type: "text", text: speech.text };
  const use =
    tool === null ? null : { type: "tool_use", id: `toolu_${id}`, name: tool.name, input: tool.input };
  const message = {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model: request.model,
    stop_sequence: null,
  };
  const ended = { stop_reason: use === null ? "end_turn" : "tool_use", stop_sequence: null };
  const usage = usageOf(speech.tokens);
  const event = (type: string, more: object): string => namedEvent(type, { type, ...more });
  const delta = (index: number, more: object): string => event("content_block_delta", { index, delta: more });
  const say = (piece: string): string => delta(0, { type: "text_delta", text: piece });
  const useTool = (): readonly string[] => {
    if (use === null) return [];
    const input = { type: "input_json_delta", partial_json: JSON.stringify(use.input) };
    return [
      event("content_block_start", { index: 1, content_block: { ...use, input: {} } }),
      delta(1, input),
      event("content_block_stop", { index: 1 }),
    ];
  };
  // The real service states one token of output at the beginning, and the rest at the end.
  const begun = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return {
    head: [
      event("message_start", { message: begun }),
      event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      say(speech.text),
    ],
    drip: say,
    tail: () => [
      event("content_block_stop", { index: 0 }),
      ...useTool(),
      event("message_delta", { delta: ended, usage }),
      event("message_stop", {}),
    ],
    whole: { ...message, ...ended, content: use === null ? [text] : [text, use], usage },
  };
}

/** Its input leaves caches out; its output holds the thinking. */
function usageOf({ fresh, read, write, out }: Tokens): object {
  return {
    input_tokens: fresh,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: write,
    cache_creation: { ephemeral_5m_input_tokens: write, ephemeral_1h_input_tokens: 0 },
    output_tokens: out,
    service_tier: "standard",
  };
}
