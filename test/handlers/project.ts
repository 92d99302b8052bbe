/** A project of the tests, and what somebody wishes of it. */

import type { EventActor, Wish } from "../../handlers/wish.ts";
import { factsOf, type Project } from "../../workflow/project.ts";
import { SINGLE } from "../../workflow/workflow.ts";
import { PLANE_PROJECT } from "./payloads.ts";

export function project(change: Partial<Project> = {}): Project {
  return {
    name: "shop",
    prefix: "SHOP",
    repo: "acme/shop",
    cloneUrl: "/nowhere/shop.git",
    baseBranch: "main",
    trackers: { plane: PLANE_PROJECT },
    workflow: SINGLE,
    agents: {},
    workflowFallback: null,
    serial: false,
    agent: "developer",
    publish: { to: "branch", allowCi: false, requireChange: false, merge: false },
    tell: { comment: true, status: false, labels: {}, states: {} },
    mounts: [],
    setup: null,
    dataBytesMax: 1_048_576,
    start: { labels: ["agent"], states: ["In Progress"], commands: ["/agent"], assignees: [] },
    trust: { github: ["OWNER", "MEMBER", "COLLABORATOR"], users: [], bots: [] },
    concurrency: 1,
    budget: [],
    isNotional: false,
    ...change,
  };
}

/** What somebody wants of a project that trusts the standings of GitHub, one friend and one robot by name. */
export function wishOf(actor: Partial<EventActor>, kind: "start_task" | "cancel_task" = "start_task"): Wish {
  const target = { key: "SHOP-1" };
  const common = { project: "shop", by: { kind: "github", name: "x" }, key: "k", because: "b" } as const;
  const text = { title: "", body: "", url: null, author: null, number: null, priority: 0, explicit: false };
  const intent: Wish["intent"] =
    kind === "start_task"
      ? { kind, ...common, ...text, refs: [], facts: factsOf(project()) }
      : { kind, ...common, target, reason: "r" };
  const trust = { github: ["OWNER", "MEMBER", "COLLABORATOR"], users: ["Friend"], bots: ["renovate[bot]"] };
  const whole: EventActor = { name: "eve", isBot: false, standing: null, implies: null, ...actor };
  return { project: project({ trust }), intent, actor: whole, spot: null };
}
