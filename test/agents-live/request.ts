/**
 * What a client asks for, in whichever of the four languages: the model, its tools, and which results of the tools that
 * it was told to use it brings. The server remembers no conversation; all that it needs stands in each request.
 */

import { type Fields, objectAt, objectsAt, textAt } from "../../agents/dialect/fields.ts";

export type Language = "anthropic" | "responses" | "chat" | "gemini";

export interface OfferedTool {
  readonly name: string;
  /** `custom` tools of the Responses API take text instead of arguments. */
  readonly isCustom: boolean;
  /** The Responses API groups tools; an answer has to repeat the group. */
  readonly namespace: string | null;
  readonly schema: Fields;
}

export interface ModelRequest {
  readonly model: string;
  readonly streams: boolean;
  readonly tools: readonly OfferedTool[];
  /** Its last turn brings the result of a tool. */
  readonly bringsResult: boolean;
  /** How many results the whole conversation holds: of a session that is resumed, those of earlier runs as well. */
  readonly results: number;
  /** All of it, as JSON. */
  readonly text: string;
  /** Schema of the JSON that an aside must have, or `null`. */
  readonly answerSchema: Fields | null;
}

/** @param path of the request; Gemini puts model and method there */
export function readRequest(language: Language, path: string, body: Fields): ModelRequest {
  switch (language) {
    case "anthropic":
      return readAnthropic(body);
    case "responses":
      return readResponses(body);
    case "chat":
      return readChat(body);
    case "gemini":
      return readGemini(body, path);
    default:
      return language satisfies never;
  }
}

function readAnthropic(body: Fields): ModelRequest {
  const tools = objectsAt(body, "tools").map((tool) => offered(tool, "input_schema"));
  const last = objectsAt(body, "messages").findLast((message) => textAt(message, "role") === "user");
  const resultsIn = (message: Fields): number =>
    objectsAt(message, "content").filter((part) => textAt(part, "type") === "tool_result").length;
  const bringsResult = last !== undefined && resultsIn(last) > 0;
  const results = sum(objectsAt(body, "messages").map(resultsIn));
  return { ...common(body), tools, bringsResult, results, answerSchema: null };
}

/** Newer clients put their tools into an item of the input, in namespaces. */
function readResponses(body: Fields): ModelRequest {
  const items = objectsAt(body, "input");
  const inside = items.filter((item) => textAt(item, "type") === "additional_tools");
  const tools = [body, ...inside].flatMap((place) => objectsAt(place, "tools"));
  const since = items.slice(1 + items.findLastIndex((item) => textAt(item, "role") === "user"));
  const isResult = (item: Fields): boolean => (textAt(item, "type") ?? "").endsWith("_output");
  return {
    ...common(body),
    tools: tools.flatMap((tool) => flat(tool, null)),
    bringsResult: since.some(isResult),
    results: items.filter(isResult).length,
    answerSchema: null,
  };
}

function flat(tool: Fields, namespace: string | null): readonly OfferedTool[] {
  if (textAt(tool, "type") === "namespace")
    return objectsAt(tool, "tools").flatMap((inner) => flat(inner, textAt(tool, "name")));
  return [{ ...offered(tool, "parameters"), namespace }];
}

function readChat(body: Fields): ModelRequest {
  const tools = objectsAt(body, "tools").map((tool) =>
    offered(objectAt(tool, "function") ?? {}, "parameters"),
  );
  const messages = objectsAt(body, "messages");
  const since = messages.slice(1 + messages.findLastIndex((message) => textAt(message, "role") === "user"));
  const isResult = (message: Fields): boolean => textAt(message, "role") === "tool";
  const results = messages.filter(isResult).length;
  return { ...common(body), tools, bringsResult: since.some(isResult), results, answerSchema: null };
}

function readGemini(body: Fields, path: string): ModelRequest {
  const [, model = "", method] = /models\/([^:/]+):(\w+)/.exec(path) ?? [];
  const tools = objectsAt(body, "tools")
    .flatMap((group) => objectsAt(group, "functionDeclarations"))
    .map((tool) =>
      offered(tool, tool["parametersJsonSchema"] === undefined ? "parameters" : "parametersJsonSchema"),
    );
  const resultsIn = (content: Fields): readonly string[] =>
    objectsAt(content, "parts").flatMap(({ functionResponse }) =>
      functionResponse === undefined ? [] : [JSON.stringify(functionResponse)],
    );
  const contents = objectsAt(body, "contents").map(resultsIn);
  const bringsResult = (contents.at(-1) ?? []).length > 0;
  // Gemini CLI repeats results when it goes on with a session.
  const results = new Set(contents.flat()).size;
  const config = objectAt(body, "generationConfig") ?? {};
  const answerSchema = objectAt(config, "responseJsonSchema") ?? objectAt(config, "responseSchema");
  const streams = method === "streamGenerateContent";
  const named = { model: decodeURIComponent(model), streams };
  return { ...common(body), ...named, tools, bringsResult, results, answerSchema };
}

function common(body: Fields): Pick<ModelRequest, "model" | "streams" | "text"> {
  return {
    model: textAt(body, "model") ?? "",
    streams: body["stream"] === true,
    text: JSON.stringify(body),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function offered(tool: Fields, schemaKey: string): OfferedTool {
  return {
    name: textAt(tool, "name") ?? textAt(tool, "type") ?? "",
    isCustom: textAt(tool, "type") === "custom",
    namespace: null,
    schema: objectAt(tool, schemaKey) ?? {},
  };
}
