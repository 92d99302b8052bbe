/**
 * Plane's work items as a whole. Pure.
 *
 * Its API tells no relations and finds no item by its number, so nothing of those is known here. Images stand in its
 * HTML as ids of assets, which only people who are logged in can open: their addresses would help no agent, and the
 * documents that were read here name no call for them.
 */

import type { PlaneClient } from "../../forges/plane/plane.ts";
import type { IssueKit } from "../kit.ts";
import { htmlText } from "./html.ts";
import { refsOf } from "./item.ts";

export const PLANE_ISSUES: IssueKit<Pick<PlaneClient, "spare">> = {
  ask: ({ spare }) => spare,
  text: htmlText,
  links: () => [],
  images: () => [],
  refs: ({ id }) => refsOf(id),
  named: ({ id }) => id,
};
