/**
 * What the inbox may ask the forge and the tracker, as ports: the clients live in `forges/`, the tests have their own.
 *
 * A failed lookup is an answer (`retry`), and it never counts as a yes.
 */

export type Lookup<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** The other side will not tell, now or later: no right to ask, or no such thing. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Ask again after `afterMs`. */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number };

export interface GithubLookup {
  permission(repo: string, login: string): Promise<Lookup<"admin" | "write" | "read" | "none">>;
}

export interface PlaneMember {
  readonly id: string;
  /** 20 admin, 15 member, 5 guest. */
  readonly role: number;
}

export interface PlaneState {
  readonly id: string;
  readonly name: string;
  /** `backlog`, `unstarted`, `started`, `completed`, `cancelled` or `triage`. */
  readonly group: string;
}

export interface PlaneItem {
  readonly id: string;
  readonly name: string;
  readonly descriptionHtml: string;
  readonly sequenceId: number | null;
}

export interface PlaneLookup {
  members(): Promise<Lookup<readonly PlaneMember[]>>;
  states(project: string): Promise<Lookup<readonly PlaneState[]>>;
  workItem(project: string, id: string): Promise<Lookup<PlaneItem>>;
}

/** `null` where there is no token to ask with. */
export interface Lookups {
  readonly github: GithubLookup | null;
  readonly plane: PlaneLookup | null;
}
