/**
 * Accounts, and the routes by which agent profiles reach them.
 *
 * A claim takes the first route of its agent whose account is open. What makes an account closed is a hold
 * (`wide_holds`), its own concurrency, or that it is on probation after a cooldown and its probe is at work.
 */

import type { Account } from "../../workflow/account.ts";
import type { Parts } from "../../workflow/decide/change.ts";
import { OTHERS_FIRST_MS } from "../../workflow/limits.ts";
import type { ClaimConfig, Route } from "../claim/config.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { AT_WORK, LIVE } from "../rows/run.ts";
import { forgetReports } from "./pace.ts";

export interface AccountStanding extends Account {
  /** Runs that hold a slot of it. */
  readonly atWork: number;
  /** Its probe after a cooldown is at work. */
  readonly probing: boolean;
}

export interface AccountStore {
  get(name: string): Promise<Account | null>;
  /** The configured ones, by name. */
  list(): Promise<readonly AccountStanding[]>;
  routes(): Promise<readonly Route[]>;
  /** Ends its cooldown and all other holds, and forgets what was reported of it; false when there was no hold. */
  clear(name: string): Promise<boolean>;
}

/** What a claim knows of live runs: few rows, read once. */
export const LIVE_RUNS: string = `
live_runs as materialized (
  select project, account, claimed_at, case when publishing_since is null then 1 else 0 end as at_work, reserved_nanos, used_nanos, reserved_tokens, used_tokens, opening from runs where ${LIVE}
)`;

/** The best open route of each agent, for statements that have {@link LIVE_RUNS}. */
export const OPEN_ROUTES: string = `
open_accounts as materialized (
  select name from accounts as a
  where a.configured = 1
    and not exists (select 1 from wide_holds as h where h.scope = 'account' and h.subject = a.name)
    and (a.concurrency is null or (select count(*) from live_runs as r where r.account = a.name and r.at_work = 1) < a.concurrency)
    and (a.rearms = 0 or not exists (select 1 from live_runs as r where r.account = a.name and r.at_work = 1 and r.claimed_at >= a.until))
),
open_routes as materialized (
  select routes.agent, min(routes.position) as position
  from routes join open_accounts on open_accounts.name = routes.account
  where not exists (select 1 from wide_holds as h where h.scope = 'agent' and h.subject = routes.via)
  group by routes.agent
)`;

/**
 * Whether this task alone has said of the account which its lane would use that it is at its limit, and that is just
 * over: then another's run is to be the probe (`workflow/decide/cooldown.ts`). For statements with {@link OPEN_ROUTES}.
 */
export function isDoubter(task: string, agent: string, now: string): string {
  return `exists (select 1 from open_routes as o
    join routes as r on r.agent = o.agent and r.position = o.position join accounts as a on a.name = r.account
    where o.agent = ${agent} and a.reporter = ${task} and a.confirmations = 0 and ${now} < a.until + ${OTHERS_FIRST_MS})`;
}

const GET = "select * from accounts where name = $1";
const LIST = `
select a.*, (select count(*) from runs where runs.account = a.name and ${AT_WORK}) as at_work,
  (select min(claimed_at) from runs where runs.account = a.name and ${AT_WORK} and a.rearms > 0 and claimed_at >= a.until) as probe
from accounts as a where a.configured = 1 order by a.name`;
const ROUTES = "select * from routes order by agent, position";

const CHANGE = `
update accounts set until = $5, rearms = $6, reporter = $7, named_reset = $8, confirmations = $9
where name = $1 and rearms = $2 and coalesce(until, -1) = coalesce(cast($3 as bigint), -1)
  and coalesce(reporter, '') = coalesce(cast($4 as text), '')`;
/** A probe that got an answer is proof enough; the others need not wait for its end. */
const NO_DOUBT = "until = null, rearms = 0, reporter = null, named_reset = null, confirmations = 0";
const PROVED = `
update accounts set ${NO_DOUBT}
where rearms > 0 and name = (select account from runs where id = $1 and claimed_at >= accounts.until)`;
const FORGIVE = `update accounts set ${NO_DOUBT} where name = $1`;
const CLEAR_HOLDS = "delete from wide_holds where scope = 'account' and subject = $1 returning subject";

const FORGET_ACCOUNTS = "update accounts set configured = 0 where configured = 1";
const CONFIGURE_ACCOUNT = `
insert into accounts (name, concurrency, configured) values ($1, $2, 1)
on conflict (name) do update set concurrency = excluded.concurrency, configured = 1`;
const FORGET_ROUTES = "delete from routes";
const CONFIGURE_ROUTE = "insert into routes (agent, position, via, account) values ($1, $2, $3, $4)";

export function accountStore(engine: Engine): AccountStore {
  return {
    get: async (name) => {
      const [row] = await engine.all(GET, [name]);
      return row === undefined ? null : readAccount(row);
    },
    list: async () => (await engine.all(LIST, [])).map(readStanding),
    routes: async () =>
      (await engine.all(ROUTES, [])).map((row) => {
        const { text } = decode("routes", row);
        return { agent: text("agent"), via: text("via"), account: text("account") };
      }),
    clear: async (name) => {
      const result = await engine.atomic([
        { sql: CLEAR_HOLDS, params: [name], makes: "jobs" },
        { sql: FORGIVE, params: [name], makes: "jobs" },
        forgetReports(name),
      ]);
      return result.kind === "done" && (result.rows[0] ?? []).length > 0;
    },
  };
}

/** A conflict when somebody else has changed the account since it was read. */
export function writeAccount({ account }: Pick<Parts, "account">): readonly Statement[] {
  if (account === null) return [];
  const { believed, until, rearms, reporter, namedReset, confirmations } = account;
  const before = [believed.name, believed.rearms, believed.until, believed.reporter];
  const params = [...before, until, rearms, reporter, namedReset, confirmations];
  return [{ sql: CHANGE, params, expect: 1, makes: "jobs" }];
}

/** The run has got an answer from the model, so its account is in no doubt any more. */
export function proveAccount(run: string): Statement {
  return { sql: PROVED, params: [run], makes: "jobs" };
}

export function configureAccounts({ accounts, routes }: ClaimConfig): readonly Statement[] {
  const positions = new Map<string, number>();
  const numbered = routes.map(({ agent, via, account }): Statement => {
    const position = positions.get(agent) ?? 0;
    positions.set(agent, position + 1);
    return { sql: CONFIGURE_ROUTE, params: [agent, position, via, account] };
  });
  return [
    { sql: FORGET_ACCOUNTS, params: [] },
    ...accounts.map(
      ({ name, concurrency }): Statement => ({ sql: CONFIGURE_ACCOUNT, params: [name, concurrency] }),
    ),
    { sql: FORGET_ROUTES, params: [] },
    ...numbered,
  ];
}

function readAccount(row: Row): Account {
  const { text, textOrNull, integer, integerOrNull } = decode("accounts", row);
  return {
    name: text("name"),
    concurrency: integerOrNull("concurrency"),
    until: integerOrNull("until"),
    rearms: integer("rearms"),
    reporter: textOrNull("reporter"),
    namedReset: integerOrNull("named_reset"),
    confirmations: integer("confirmations"),
  };
}

function readStanding(row: Row): AccountStanding {
  const { integer, integerOrNull } = decode("accounts", row);
  return { ...readAccount(row), atWork: integer("at_work"), probing: integerOrNull("probe") !== null };
}
