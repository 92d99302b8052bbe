/** An answer in the words of Google's Gemini API. */

import type { ModelRequest } from "./request.ts";
import { allInput, dataEvent, type Speech, type Tokens, type Wire } from "./speech.ts";
import { instanceOf, useShell } from "./tool.ts";

export function geminiWire(request: ModelRequest, speech: Speech, id: string): Wire {
  const tool = speech.command === null ? null : useShell(request.tools, speech.command);
  const { answerSchema } = request;
  const text = answerSchema === null ? speech.text : JSON.stringify(instanceOf(answerSchema));
  const call = tool === null ? [] : [{ functionCall: { name: tool.name, args: tool.input } }];
  const answer = (parts: readonly object[], end: object, more: object): object => ({
    candidates: [{ content: { role: "model", parts }, index: 0, ...end }],
    modelVersion: request.model,
    responseId: id,
    ...more,
  });
  const drip = (piece: string): string => dataEvent(answer([{ text: piece }], {}, {}));
  const end = { finishReason: "STOP" };
  const usage = { usageMetadata: usageOf(speech.tokens) };
  return {
    head: [drip(text)],
    drip,
    tail: () => [dataEvent(answer(call.length === 0 ? [{ text: "" }] : call, end, usage))],
    whole: answer([{ text }, ...call], end, usage),
  };
}

/** Its input holds what came from caches; its output leaves the thoughts out. */
function usageOf(tokens: Tokens): object {
  const input = allInput(tokens);
  return {
    promptTokenCount: input,
    cachedContentTokenCount: tokens.read,
    candidatesTokenCount: tokens.out - tokens.thinking,
    thoughtsTokenCount: tokens.thinking,
    totalTokenCount: input + tokens.out,
  };
}
