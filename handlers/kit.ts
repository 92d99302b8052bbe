/**
 * What a source is as a whole. Each has a folder of its own, which exports one object of this type and is registered by
 * one line in `sources.ts`; nobody else names it.
 *
 * What the source is told (comments, states) is no part of it, but for who can be told it: clients belong to `forges/`,
 * and senders to `notifier/outside/`.
 */

import type { z } from "zod";
import type { Answer } from "../forges/api/answer.ts";
import type { ForgeAsk, TrackerAsk } from "../forges/ask.ts";
import type { ImagesAsk } from "../forges/images/images.ts";
import type { Forge, Item, Tracker } from "../forges/tell.ts";
import type { TaskStore } from "../store/tasks.ts";
import type { Clock } from "../system/clock.ts";
import type { Http } from "../system/http.ts";
import type { Source } from "../workflow/delivery.ts";
import type { Project } from "../workflow/project.ts";
import type { ExternalRef } from "../workflow/task.ts";
import type { Decoded } from "./decoded.ts";
import type { OwnLogin } from "./own.ts";
import type { Payload, WebhookSource } from "./source.ts";
import type { EventActor } from "./wish.ts";

/**
 * `Settings` is what stands under `sources.<name>`; `Client` is its API; `Need` is a fact that payloads leave out, and
 * `Known` holds the facts that were looked up for one delivery.
 */
export interface SourceKit<Settings, Client = null, Need = never, Known = null> {
  /** Its key under `sources:`. It is the name of its source, too, unless it has several (`generic:<name>`). */
  readonly name: string;
  readonly config: KitConfig<Settings>;
  /** How requests are proven genuine, and named: for one source, or for each that the settings name. */
  webhooks(settings: Settings): readonly WebhookSource[];
  /** What a payload asks for. Pure: the same payload, projects and facts give the same result. */
  decode(event: string, payload: Payload, audience: Audience<Settings, Known>): Decoded<Need>;
  readonly facts: Facts<Client, Need, Known>;
  readonly trust: TrustLookup<Client>;
  /** Its API; `null` where the settings have no token for it. */
  connect(settings: Settings, net: Net): Client | null;
  readonly ownLogin: OwnLoginLookup<Settings, Client>;
  /** A password for git over HTTPS, where the settings hold none. @param refused one that was not taken */
  gitToken?(client: Client, repo: string, refused: string | null): Promise<Answer<string>>;
  /** The settings as each further account has them, by its name; left out where there is one account alone. */
  accounts?(settings: Settings): ReadonlyMap<string, Settings>;
  /** Who can be told something by its API; left out where nothing can. `forge`: the same, where it keeps code. */
  tells?(client: Client): {
    readonly tracker: Tracker;
    readonly forge: Forge | null;
    /** Who can be asked about that code. */
    readonly ask?: ForgeAsk;
    /** Who can be asked where images of items lie. */
    readonly images?: ImagesAsk;
  };
  /** How it is asked what webhooks have lost; left out where it cannot be. */
  readonly watched?: {
    /** Where in it a project lives; `null`: nowhere. */
    placeOf(project: Project): string | null;
    /** As configured (ms); `null` where nothing is said of it. */
    everyMs(settings: Settings): number | null;
    /** On behalf of those who can wait. `forge`: the same, where it keeps code. */
    ask(client: Client): { readonly tracker: TrackerAsk; readonly forge: ForgeAsk | null };
  };
  /** What else stands at an item of it; left out where nobody can ask. */
  readonly issues?: IssueKit<Client>;
  /** Where people see a branch, of a source that keeps code. */
  branchUrl?(settings: Settings, repo: string, branch: string): string | null;
}

/** What a kit brings to the configuration. */
export interface KitConfig<Settings> {
  /** Of what stands under `sources.<name>`; descriptions and defaults included. */
  readonly schema: z.ZodType<Settings>;
  /**
   * Keys in there whose values are secrets: they may be `file:PATH`, and no log shows them. `*.secret` is a key of each
   * of several sources.
   */
  readonly secrets: readonly string[];
  /** What is wrong with keys that the schema finds good one by one. They are as written: the schema may refuse them. */
  rules(fields: Fields): readonly KitFault[];
  /** The key by which a project names itself there; `null` where its `repo` does. */
  readonly project: { readonly key: string; readonly schema: z.ZodType<string | undefined> } | null;
  /** What its settings are worth to git, over HTTPS; `null` where they are nothing. Trackers have no word. */
  clone?(settings: Settings): CloneAccess | null;
  /** Of a project's `trust.<name>`: which standings need no look-up. `null` where the source knows no standings. */
  readonly trust: z.ZodType<readonly string[]> | null;
}

/** Of a source without a secret, which nobody can send webhooks from. */
export function withoutSecret(secret: unknown, poll: unknown): readonly KitFault[] {
  if (secret !== undefined || poll !== undefined) return [];
  return [{ path: ["secret"], message: "is missing: webhooks are signed with it (or name `poll`, and ask)" }];
}

export interface CloneAccess {
  /** Of addresses that it is for, with the port where it is not 443. */
  readonly host: string;
  readonly username: string;
  /** `null`: its API gives one, as `gitToken` of the kit asks it. */
  readonly password: string | null;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface KitFault {
  /** Below `sources.<name>`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** For whom a payload is decoded. */
export interface Audience<Settings, Known> {
  /** The source that sent it. */
  readonly source: Source;
  /** `null` where the configuration has the source no more; deliveries of it may still wait. */
  readonly settings: Settings | null;
  readonly projects: readonly Project[];
  /** What one of these does is our own doing. */
  readonly own: readonly OwnLogin[];
  readonly known: Known;
}

/** How the facts that payloads leave out are looked up. */
export interface Facts<Client, Need, Known> {
  readonly nothing: Known;
  /**
   * `known` with what was found added. A fact that is not to be had at all counts as found to be missing: `decode` says
   * what follows from that, and never needs the same fact twice.
   */
  lookUp(need: Need, known: Known, places: Places<Client>): Promise<LookedUp<Known>>;
}

export type LookedUp<Known> =
  | { readonly kind: "known"; readonly known: Known }
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number };

/** Where facts may be found. */
export interface Places<Client> {
  /** `null` where there is no token to ask with. */
  readonly client: Client | null;
  readonly tasks: Pick<TaskStore, "find" | "findByBranch" | "findByCommit">;
  readonly projects: readonly Project[];
  /** How often the delivery was put off before; left out of one that is new. */
  readonly tries?: number;
}

export type Trust =
  | { readonly kind: "trusted"; readonly because: string }
  | { readonly kind: "untrusted"; readonly reason: string }
  /** Not known yet; to be looked up again after `afterMs`. */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number };

/** What the source says of a person's rights; the rules that hold for all sources are in `trust.ts`. */
export interface TrustLookup<Client> {
  /** What needs no look-up; `null` when it has to be looked up. Pure. */
  judge(actor: EventActor, project: Project): Trust | null;
  /** @param client `null` where there is no token to ask with */
  lookUp(actor: EventActor, project: Project, client: Client | null): Promise<Trust>;
}

/** What stands at an item besides its text, in the words of the source. All texts are from outside. */
export interface IssueKit<Client> {
  ask(client: Client): IssueAsk | undefined;
  /** A comment's body as text, as people read it. */
  text(body: string): string;
  /** Whether a task's text is another than the item's at the source, as that of HTML is. */
  readonly isConverted: boolean;
  /** Items of the same place that a text refers to. */
  links(text: string, at: Item): readonly Item[];
  /** All names that a task may have for it. */
  refs(item: Item): readonly ExternalRef[];
  /** What people call it. */
  named(item: Item): string;
}

export type IssueAsk = Pick<TrackerAsk, "item" | "comments" | "blockers" | "images">;

/** Who Chargehand is at the source. */
export interface OwnLoginLookup<Settings, Client> {
  configured(settings: Settings): OwnLogin | null;
  lookUp(client: Client): Promise<Answer<OwnLogin>>;
}

export interface Net {
  readonly http: Http;
  readonly clock: Clock;
  /** Told of each token that the host gives us: it must stand in no log. */
  readonly secret?: (secret: string) => void;
}

/** Of a source whose payloads say all that is needed. */
export const NO_FACTS: Facts<unknown, never, null> = {
  nothing: null,
  lookUp: (need: never) => need,
};
