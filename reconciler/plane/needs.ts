/** What work items of tasks wait for: see `reconciler/needs.ts`. */

import type { NeedsKind } from "../needs.ts";
import { relationsEvent } from "./payloads.ts";

export const PLANE_NEEDS: NeedsKind = {
  itemOf: ({ place }, { kind, id }) => (kind === "work_item" ? { place: place.name, id } : null),
  found: ({ now }, _one, { place, id }) => ({
    event: "issue_relation",
    body: relationsEvent(id, place, now),
  }),
};
