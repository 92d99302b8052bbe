/** The channel `log`: a line of the daemon's log per notice. It is always there, and takes what nobody else does. */

import type { Log } from "../../system/log.ts";
import { LOG_TARGET, type Sender } from "../ports.ts";
import { messageOf } from "./message.ts";

export function logChannel(log: Log): Sender {
  return {
    host: LOG_TARGET,
    async send(call) {
      const { id, kind, at, subject, project, message, title, reason, remedy } = messageOf(
        call,
        log.redactor.redact,
      );
      log.warn({
        event: "notice.told",
        notice: kind,
        id,
        since: new Date(at).toISOString(),
        subject: `${subject.kind} ${subject.name}`,
        ...(project !== null && { project }),
        message,
        ...(title !== null && { title }),
        ...(reason !== null && { reason }),
        ...(remedy !== null && { remedy }),
      });
      return { kind: "sent" };
    },
  };
}
