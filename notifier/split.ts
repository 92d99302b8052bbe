/**
 * A notice becomes its calls: one per channel that is to tell it. What has happened was written down without knowing
 * who is told, so a channel that came with the last reload tells what happened before.
 *
 * The id by which a receiver knows a message again is drawn here, once, and is written down with the call: so it is the
 * same at each try, and another one in a database that was restored.
 */

import type { NewCall, OutboxCall } from "../workflow/outbox.ts";
import { type Channel, LOG_TARGET } from "./ports.ts";

/** Pure but for `drawId`. */
export function callsOf(
  { kind, payload, createdAt }: OutboxCall,
  channels: readonly Channel[],
  drawId: () => string,
): readonly NewCall[] {
  const { project, except, ...told } = payload;
  const takes = ({ target, projects, tells = () => true }: Channel): boolean =>
    target !== except &&
    tells(kind) &&
    (projects === null || typeof project !== "string" || projects.includes(project));
  const targets = channels.filter(takes).map(({ target }) => target);
  return (targets.length === 0 ? [LOG_TARGET] : targets).map((target) => ({
    target,
    kind,
    payload: { ...told, project: project ?? null, message_id: drawId(), at: createdAt },
  }));
}
