/** What the status of an HTTP answer of a model service means; shared by every dialect that learns the status. */

import type { FailureClass } from "../workflow/faults.ts";

/** `null` for a status that says nothing by itself: another 4xx, or no failure at all. */
export function classOfStatus(status: number): FailureClass | null {
  switch (status) {
    case 401:
      return "auth";
    case 402:
      return "billing";
    case 403:
      return "forbidden";
    case 404:
      return "model_unavailable";
    case 408:
      return "network";
    case 413:
      return "context_overflow";
    case 429:
      return "rate_limit";
    case 529:
      return "overloaded";
    default:
      return status >= 500 && status < 600 ? "server_error" : null;
  }
}
