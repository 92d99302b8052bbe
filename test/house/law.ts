/**
 * The law of the house as tables: who may import whom, what nobody may say and what to say instead.
 *
 * A new exception is a line in one of these tables with its reason, and an exception that nothing needs any more
 * fails the test: the lists can only shrink by themselves.
 */

export const FILE_LINES_MAX = 250;
export const FUNCTION_LINES_MAX = 60;
/** Of a comment; the formatter looks after code. */
export const COLUMNS_MAX = 120;
/** A folder with more is a drawer: a prefix in it wants to be a folder. */
export const FOLDER_FILES_MAX = 22;
/** How many files may stand on one another in a room (`floors.ts`), where that is limited. */
export const FLOORS_MAX: Readonly<Record<string, number>> = { daemon: 9 };

/** What was too long when the rule came: `path` or `path#function` and its length. It may shrink, and then must. */
export const RATCHET: Readonly<Record<string, number>> = {};

const FEATURE = ["store", "agents", "forges", "chats", "workflow", "system"];
const FEATURES = ["handlers", "reaper", "scheduler", "notifier", "reconciler", "web"];

/** Read a line as a sentence: "agents may import workflow and system". Features never import one another. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  workflow: [],
  system: [],
  store: ["workflow", "system (types)"],
  agents: ["workflow", "system"],
  forges: ["workflow", "system"],
  chats: ["workflow", "system"],
  ...Object.fromEntries(FEATURES.map((room) => [room, FEATURE])),
  daemon: [...FEATURES, ...FEATURE],
  cli: ["daemon", ...FEATURES, ...FEATURE],
};

export interface FolderRule {
  /** Whose imports are meant: paths from the root. */
  readonly from: RegExp;
  /** What they never import. What lies in one folder of this kind may import one another. */
  readonly never: RegExp;
  readonly except?: readonly string[];
  readonly because: string;
}

/** Folders inside rooms have directions, too. */
export const FOLDERS: readonly FolderRule[] = [
  {
    from: /^/,
    never: /^handlers\/(?!api\/|chat\/|commands\/|facts\/|guard\/)[^/]+\//,
    except: ["handlers/sources.ts"],
    because: "a source is one kit, which handlers/sources.ts registers and nobody else names",
  },
  {
    from: /^daemon\/config\//,
    never: /^daemon\/(?!config\/|workflows\/)[^/]+/,
    because: "the configuration is read before there is a daemon, and acts on nothing",
  },
  {
    from: /^daemon\/run\//,
    never: /^daemon\/(?!run\/)[^/]+/,
    because: "a run is given what it needs (daemon/run/ports.ts), and knows neither wiring nor loops",
  },
  {
    from: /^daemon\/wiring\//,
    never: /^daemon\/(main|build)\.ts/,
    because: "a room is wired from the ground; daemon/build.ts alone puts the rooms together",
  },
  {
    from: /^workflow\/(decide\/|[^/]+$)/,
    never: /^workflow\/explain\//,
    because: "what is decided does not depend on how it is explained afterwards",
  },
];

/** Top-level folders that are no rooms. Nothing in a room may import them. */
export const NOT_ROOMS: readonly string[] = ["bench", "bin", "docs", "man", "scripts", "systemd", "test"];

/** What exists since the first part; the other rooms come when they are needed. */
export const ROOMS_NOW: readonly string[] = [
  "workflow",
  "system",
  "store",
  "agents",
  "forges",
  "chats",
  "handlers",
  "reaper",
  "scheduler",
  "notifier",
  "reconciler",
  "daemon",
  "cli",
];

export interface Ban {
  readonly what: RegExp;
  readonly instead: string;
  /** Paths that begin with one of these may. */
  readonly except?: readonly string[];
}

/** The demo's agent is no part of the daemon: it is a program of its own, started as agents are. */
const SCRIPTED_AGENT = "cli/stage/scripted-agent.ts";

/** The step inside the walls is none either: a program that the daemon starts, and whose answer it doubts. */
const GATHERING_STEP = "forges/git/inside/";

/** Modules that only some rooms may import. */
export const MODULES: readonly Ban[] = [
  {
    what: /^node:child_process$/,
    instead: "Processes or Commands of system/",
    except: ["system/", GATHERING_STEP],
  },
  {
    what: /^node:fs(\/promises)?$/,
    instead: "Files of system/",
    // A command line tool and its demo read and write what a person points them at, before there is a daemon; the
    // configuration is read before there is a port; migrations and built-in workflows are part of the program, as its
    // code is.
    except: [
      "system/",
      "cli/",
      "daemon/config",
      "daemon/workflows/built-in",
      "store/engine/migrate",
      GATHERING_STEP,
    ],
  },
  {
    what: /^(undici|node:(http2?|https|net|tls|dgram|dns))(\/.*)?$/,
    instead: "Http of system/",
    except: ["system/"],
  },
  { what: /^node:timers(\/promises)?$/, instead: "clock.sleep", except: ["system/", SCRIPTED_AGENT] },
  { what: /^node:(worker_threads|cluster|inspector)$/, instead: "nothing: one process, one thread" },
  {
    what: /^node:vm$/,
    instead: "withinTime of system/schema/, for work that may take for ever",
    // Nothing but the engine itself can end a validation or a regular expression in its own thread; no code of anybody
    // else's is run in it.
    except: ["system/schema/time-limit.ts"],
  },
  {
    what: /^(better-sqlite3|node:sqlite)$/,
    instead: "the verbs of store/",
    except: ["store/", "system/lock.ts"],
  },
  {
    what: /^(hono|@hono\/.*)$/,
    instead: "a value, and let handlers/ answer with it",
    // The demo's chat servers are none of the daemon's: they are programs of their own, which it talks to over the net.
    except: ["handlers/", "web/", "daemon/", "cli/stage/fake-"],
  },
  { what: /^(pino|pino-pretty)$/, instead: "Log of system/", except: ["system/"] },
  {
    what: /^commander$/,
    instead: "nothing: words for a terminal are made in cli/",
    except: ["cli/"],
  },
  {
    what: /^(ajv|ajv-formats|re2js)(\/.*)?$/,
    instead: "checkArtifact and schemaTrouble of system/schema/, which bound what they are given",
    except: ["system/schema/"],
  },
  {
    what: /^nodemailer(\/.*)?$/,
    instead: "a chat of the kind email",
    // It opens connections of its own, over which it speaks SMTP; system/ has no port for anything but HTTP, and this
    // one room bounds how long it waits.
    except: ["chats/email/"],
  },
  {
    what: /^prom-client(\/.*)?$/,
    instead: "a row that handlers/api/metrics/ reads, and a name in its list",
    // One page is made of it, when somebody asks for that; nobody counts on the way.
    except: ["handlers/api/metrics/"],
  },
  {
    what: /^croner$/,
    instead: "the slots of scheduler/slots.ts, which state the rule at changes of the clock",
    except: ["scheduler/slots.ts"],
  },
];

/** Words of code that no room may say; tests, benches and scripts may. */
export const BANS: readonly Ban[] = [
  {
    what: /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date\b(?!\()|(?<![\w.]|new )Date\(/,
    instead: "clock.now()",
    except: ["system/"],
  },
  { what: /\bperformance\.|\bprocess\.(hrtime|uptime)\b/, instead: "clock.monotonic()", except: ["system/"] },
  {
    what: /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b|\bAbortSignal\.timeout\b|\bAtomics\.wait\b/,
    instead: "clock.sleep",
    except: ["system/", SCRIPTED_AGENT],
  },
  {
    what: /\bMath\.random\b|\b(randomUUID|randomBytes|randomInt|randomFill|getRandomValues)\b/,
    instead: "Chance",
    except: ["system/"],
  },
  {
    what: /(?<![\w.])fetch\(|\bWebSocket\b|\bEventSource\b/,
    instead: "Http of system/",
    except: ["system/"],
  },
  {
    what: /\bfiles\.(read|size|list|exists)\(/,
    instead: "files.door (I14): what a run reads, its agent can write",
    // These read what a person has named, what is the daemon's own, and what forges/git/ looks after itself.
    except: [
      "system/",
      "cli/",
      "forges/",
      "daemon/config",
      "daemon/ballast",
      "daemon/admin-token",
      "daemon/run/tidy",
      "daemon/isolation",
      "daemon/log-length",
      "daemon/prune",
    ],
  },
  {
    what: /\bprocess\.kill\b/,
    instead: "Processes.signal, which re-checks the identity (I5)",
    except: ["system/"],
  },
  {
    what: /\bprocess\.env\b/,
    instead: "a value handed in by daemon/config or cli/",
    except: ["daemon/config", "cli/"],
  },
  {
    what: /\bprocess\.(exit|exitCode|stdout|stdin|argv)\b/,
    instead: "an answer to cli/",
    except: ["cli/", "daemon/main.ts"],
  },
  {
    what: /\bgetBuiltinModule\b/,
    instead: "an import, which these tables see",
    except: ["system/"],
  },
  { what: /(?<![\w.])console\b/, instead: "Log of system/" },
  { what: /^\s*(export\s+)?(declare\s+)?(namespace|enum)\s/m, instead: "a union of literals" },
  { what: /^\s*export default\b/m, instead: "a named export" },
];

/** Words of code that nobody may say, tests included. */
export const BANS_EVERYWHERE: readonly Ban[] = [
  { what: /\bas any\b|:\s*any\b|<any>/, instead: "`unknown` and a decoder" },
  {
    what: /\b(test|it|describe|suite|t)\.only\(|\bonly: true\b/,
    instead: "`npm test -- PATH --name PATTERN`",
  },
  {
    what: /\b(test|it|describe|suite)\.(skip|todo)\(|\bt\.(skip|todo)\(\)|\b(skip|todo): true\b/,
    instead: '`{ skip: "the reason" }`',
  },
  { what: /\bdebugger\b/, instead: "nothing" },
];

/** Remarks that hide something. */
export const REMARKS: readonly Ban[] = [
  { what: /\b(TODO|FIXME|XXX|HACK)\b(?![^\n]*#\d)/, instead: "an issue, named as #number" },
  { what: /@ts-(ignore|nocheck)/, instead: "`@ts-expect-error` with its reason, in a test" },
  { what: /biome-ignore-all/, instead: "biome-ignore on the line, with its reason" },
];

/** What SQL looks like; case does not matter, because a statement in capitals is one, too. */
export const SQL: RegExp =
  /\b(select\s[\s\S]{0,300}\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|pragma\s+\w|(create|drop|alter)\s+(unique\s+)?(table|index|trigger|view)\s|begin\s+(immediate|exclusive))/i;
/** Who may speak it: the store, and the lock that is a database file (DESIGN §7, one daemon per data directory). */
export const SQL_SPEAKERS: readonly string[] = ["store/", "system/lock.ts"];

/** Casts belong to decoders at the edge. Each other place says why it needs one. */
export const CASTS: Readonly<Record<string, string>> = {
  "agents/dialect/memory.ts":
    "takes back a dialect's own state, marked as such, from the transcript that stored it",
  "chats/channels.ts":
    "one list of kinds whose settings differ: what one has made of them goes to itself alone",
  "cli/decoder.ts":
    "the type of an object is derived from the shapes of its fields, which Object.entries forgets",
  "cli/demo/run.ts": "decodes answers of the daemon it has just started",
  "daemon/config/parts/notify.ts": "the kinds of notices are the keys of a table, which Object.keys forgets",
  "daemon/config/schema.ts": "decodes the JSON Schema that zod makes",
  "daemon/listener/listen.ts": "the adaptor types its server as any of three kinds",
  "daemon/workflows/schema.ts": "decodes the JSON Schema that zod makes",
  "handlers/chat/api.ts":
    "takes the answers of our own API for what its shapes say, from which they were made",
  "handlers/api/metrics/library.ts": "decodes modules that are loaded when they are first needed",
  "handlers/plane/html.ts": "decodes a module that is loaded when it is first needed",
  "handlers/understand.ts": "decodes a stored body, which was checked to be an object when it came",
  "store/engine/row.ts": "decodes rows of a database",
  "system/config/offsets.ts": "decodes nodes of a YAML document",
  "system/config/values.ts": "hands words to a library that types them as unions of literals",
  "system/schema/validators.ts": "decodes modules that are loaded when they are first needed",
  "system/template/liquid.ts": "decodes a module that is loaded when it is first needed",
  "workflow/machine.ts": "the types of a machine are derived from its table, which Object.entries forgets",
};

/** Names of this house's surroundings that mean nothing to a reader elsewhere: registry hosts, absolute work paths. */
export const OUTSIDE: RegExp = new RegExp(
  `registry\\.[a-z0-9-]+\\.[a-z]|(?<![\\w.])${["", "work", ""].join("/")}|\\.${"library"}/`,
);
