/** Paces of the configuration: what they become, and what is refused, each with its place and what to do. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../reading.ts";
import { refuses } from "../refusals.ts";

const { load, sentences } = reading();

const AGENTS = "agents: { a: { backend: claude, accounts: [max] }, c: { backend: command, argv: [./x] } }";
const ACCOUNTS = "accounts: { max: { backend: claude } }";
const whole = (pace: string): string => `data_dir: data\n${AGENTS}\n${ACCOUNTS}\n${pace}\n`;
const read = async (pace: string) => (await load(whole(pace))).config.paces;

test("without any there is none, and one takes all that is there unless it says otherwise", async () => {
  assert.deepEqual(await read(""), []);
  assert.deepEqual(await read("pace: [{ account: max, per: week }]"), [
    { account: "max", per: "week", share: 1, reserve: 0, capacity: null },
  ]);
});

test("shares are parts of one, and a capacity is in one of three units", async () => {
  const made = await read(`pace:
  - { account: max, per: 5h, share: 60%, reserve: 12.5% }
  - { account: max, per: month, capacity: { usd: 200.5 } }
  - { account: "command:c", per: week, capacity: { tokens: 1000000 } }
  - { account: "command:c", per: 5h, capacity: { runs: 12 } }`);
  assert.deepEqual(
    made.map(({ share, reserve, capacity }) => [share, reserve, capacity]),
    [
      [0.6, 0.125, null],
      [1, 0, { unit: "nanos", amount: 200_500_000_000 }],
      [1, 0, { unit: "tokens", amount: 1_000_000 }],
      [1, 0, { unit: "runs", amount: 12 }],
    ],
  );
});

test("an account that agents have without naming it is known, too", async () => {
  const made = await load(
    "data_dir: data\nagents: { a: { backend: codex } }\npace: [{ account: codex, per: week }]\n",
  );
  assert.equal(made.config.paces[0]?.account, "codex");
});

const line = (fields: string): string => `+pace: [{ account: claude, per: week, ${fields} }]`;
const PLAIN = "account: claude, per: week";

refuses(
  (
    [
      [line("share: 101%"), "pace[0].share", /must be at most 100%/],
      [line("share: 1e3%"), "pace[0].share", /must be a part of a hundred, such as "60%"/],
      [line("share: -5%"), "pace[0].share", /must be a part of a hundred/],
      [line("share: 0%"), "pace[0].share", /must be more than 0%, or nothing would ever start/],
      [line("share: 0.6"), "pace[0].share", /must be a part of a hundred/],
      [line("share: 60"), "pace[0].share", /must be a part of a hundred/],
      [line("reserve: 100%"), "pace[0].reserve", /must be less than 100%, or nothing would ever start/],
      [line("reserve: 250%"), "pace[0].reserve", /must be at most 100%/],
      [line("capacity: {}"), "pace[0].capacity", /must say exactly one of usd, tokens and runs/],
      [line("capacity: { usd: 1, runs: 2 }"), "pace[0].capacity", /must say exactly one/],
      [line("capacity: { usd: 0 }"), "pace[0].capacity.usd", /must be/],
      [line("capacity: { usd: .inf }"), "", /must be text, a finite number/],
      [line("capacity: { tokens: 1.5 }"), "pace[0].capacity.tokens", /must be/],
      [line("capacity: { hours: 3 }"), "pace[0].capacity.hours", /unknown key/],
      [line("shares: 60%"), "pace[0].shares", /unknown key; did you mean "share"/],
      ["+pace: [{ account: claude, per: day }]", "pace[0].per", /must be one of 5h, week, month/],
      ["+pace: [{ per: week }]", "pace[0].account", /must be|is missing|required/],
      ["+pace: { account: claude, per: week }", "pace", /must be a list/],
      [
        "+pace: [{ account: claud, per: week }]",
        "pace[0].account",
        /there is no account "claud"; did you mean "claude"/,
      ],
      [
        "+pace: [{ account: nobody, per: week }]",
        "pace[0].account",
        /there is no account "nobody"; known are claude, command:script/,
      ],
      [
        "+pace: [{ account: claude, per: month }]",
        "pace[0]",
        /claude does not report how much of its month is used; say what the whole allows with capacity/,
      ],
      [
        "+pace: [{ account: command:script, per: week }]",
        "pace[0]",
        /command does not report how much of its week is used/,
      ],
      [
        `+pace: [{ ${PLAIN} }, { ${PLAIN}, share: 10% }]`,
        "pace[1]",
        /the week of account claude has its pace in pace\[0\] already/,
      ],
    ] as const
  ).map(([text, path, says]) => ({ line: 1, text, path, says, at: 2 })),
);

test("more paces than anybody needs are refused", async () => {
  const many = Array.from({ length: 101 }, () => `{ ${PLAIN} }`).join(", ");
  const found = await sentences(`data_dir: data\npace: [${many}]\n`);
  assert.match(found.join("\n"), /pace: must have at most 100|at most 100/);
});
