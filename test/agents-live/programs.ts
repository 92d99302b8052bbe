/**
 * How each program is led to the scripted model, and what its own accounting makes of the model's figures.
 *
 * Everything here is configuration as an operator could write it: a profile, an account's environment, and files in the
 * agent's home. Command line, environment and settings of the run itself are the backend's (`agents/`), not ours.
 */

import type { AgentProfile } from "../../workflow/project.ts";
import type { Usage } from "../../workflow/run.ts";
import type { CaseName } from "./cases.ts";
import type { ProgramName } from "./install.ts";
import { LAST_WORD, TOOL_CALL, type Tokens } from "./speech.ts";

export interface Setup {
  readonly profile: Pick<AgentProfile, "model" | "args">;
  /** The environment of the account. */
  readonly account: Readonly<Record<string, string>>;
  /** Files below the agent's home: path and text. */
  readonly home: Readonly<Record<string, string>>;
}

export interface Place {
  /** Where the model lives, without `/v1`. */
  readonly url: string;
  /** The agent's home. */
  readonly home: string;
  /** The case, for a program that speaks more than one language. */
  readonly name: CaseName;
}

export interface Program {
  readonly name: ProgramName;
  setUp(place: Place): Setup;
  /** What one call of these tokens is in the house's own figures. */
  readonly counts: (tokens: Tokens) => Counts;
  /** What `work` costs, in nano-dollars, and who says so. */
  readonly cost: Pick<Usage, "costNanos" | "costSource">;
}

export type Counts = Pick<
  Usage,
  "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheCreationTokens" | "reasoningTokens"
>;

const KEY = "sk-scripted";

/** Anthropic's words tell every kind of token; what was thought is not told apart. */
function fromAnthropic({ fresh, read, write, out }: Tokens): Counts {
  return {
    inputTokens: fresh,
    outputTokens: out,
    cacheReadTokens: read,
    cacheCreationTokens: write,
    reasoningTokens: 0,
  };
}

function fromResponses(tokens: Tokens): Counts {
  return { ...fromAnthropic(tokens), reasoningTokens: tokens.thinking };
}

/** Neither Chat Completions nor Gemini knows of writing to a cache: what was written is plain input there. */
function withoutWrites(tokens: Tokens): Counts {
  const { fresh, write } = tokens;
  return { ...fromResponses(tokens), inputTokens: fresh + write, cacheCreationTokens: 0 };
}

const NO_FILES = {};

const claude: Program = {
  name: "claude",
  setUp: ({ url }) => ({
    profile: { model: "sonnet", args: [] },
    // A subscription: only then its service tells when a limit resets.
    account: { ANTHROPIC_BASE_URL: url, CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-scripted" },
    home: NO_FILES,
  }),
  counts: fromAnthropic,
  cost: { costNanos: 10_830_400, costSource: "agent" },
};

const codex: Program = {
  name: "codex",
  setUp: ({ url }) => ({
    profile: { model: "gpt-6.1-terra", args: ["-c", `openai_base_url="${url}/v1"`] },
    account: { CODEX_API_KEY: KEY },
    home: NO_FILES,
  }),
  counts: fromResponses,
  cost: { costNanos: 5_415_200, costSource: "priced" },
};

const opencode: Program = {
  name: "opencode",
  setUp: ({ url, home }) => {
    const provider = { anthropic: { options: { baseURL: `${url}/v1`, apiKey: KEY } } };
    return {
      profile: { model: "anthropic/claude-sonnet-4-5", args: [] },
      account: {
        OPENCODE_DISABLE_MODELS_FETCH: "1",
        OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
        // In its usual place it would make the program install packages beside it.
        OPENCODE_CONFIG: `${home}/opencode.json`,
      },
      home: { "opencode.json": JSON.stringify({ provider }) },
    };
  },
  counts: fromAnthropic,
  cost: { costNanos: 17_747_700, costSource: "agent" },
};

const gemini: Program = {
  name: "gemini",
  setUp: ({ url }) => {
    const security = { auth: { selectedType: "gemini-api-key" } };
    // Ten tries take four minutes; what it makes of them in the end is the same after two.
    const settings = { security, general: { maxAttempts: 2 } };
    return {
      profile: { model: "gemini-2.5-pro", args: [] },
      account: { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: url },
      home: { ".gemini/settings.json": JSON.stringify(settings) },
    };
  },
  counts: withoutWrites,
  cost: { costNanos: 7_189_250, costSource: "priced" },
};

const pi: Program = {
  name: "pi",
  setUp: ({ url, name }) => {
    const providers = {
      anthropic: { baseUrl: url, apiKey: KEY },
      openai: { baseUrl: `${url}/v1`, apiKey: KEY },
    };
    // It tells the body of an answer and no headers, and only OpenAI's body says that a limit is no rate limit.
    const model = name === "usage-limit" ? "openai/gpt-5.4" : "anthropic/claude-sonnet-4-5";
    return {
      profile: { model, args: [] },
      account: { PI_OFFLINE: "1" },
      home: { ".pi/agent/models.json": JSON.stringify({ providers }) },
    };
  },
  counts: fromAnthropic,
  cost: { costNanos: 17_747_700, costSource: "agent" },
};

const qwen: Program = {
  name: "qwen",
  setUp: ({ url }) => {
    const args = ["--auth-type", "openai", "--openai-base-url", `${url}/v1`, "--openai-api-key", KEY];
    // It tries inside of trying: four times seven requests before it says anything.
    const settings = { model: { generationConfig: { maxRetries: 0 } } };
    const home = { ".qwen/settings.json": JSON.stringify(settings) };
    return { profile: { model: "gpt-5.4", args }, account: {}, home };
  },
  counts: withoutWrites,
  cost: { costNanos: 13_608_500, costSource: "priced" },
};

const copilot: Program = {
  name: "copilot",
  setUp: ({ url }) => ({
    profile: { model: "gpt-5.4", args: [] },
    account: {
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_PROVIDER_TYPE: "openai",
      COPILOT_PROVIDER_API_KEY: KEY,
      COPILOT_MODEL: "gpt-5.4",
      COPILOT_OFFLINE: "true",
    },
    home: NO_FILES,
  }),
  counts: withoutWrites,
  cost: { costNanos: 13_608_500, costSource: "priced" },
};

export const PROGRAMS: readonly Program[] = [claude, codex, opencode, gemini, pi, qwen, copilot];

export function addCounts(left: Counts, right: Counts): Counts {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheCreationTokens: left.cacheCreationTokens + right.cacheCreationTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
  };
}

/** What the whole of `work` is in the figures of this program. */
export function countsOfWork({ counts }: Program): Counts {
  return addCounts(counts(TOOL_CALL), counts(LAST_WORD));
}
