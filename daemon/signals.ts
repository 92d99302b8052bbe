/**
 * The signals that people and service managers send to the daemon; they are handled here and nowhere else.
 *
 * SIGTERM and SIGINT ask it to end. SIGHUP has it read its configuration again, and never ends it: a terminal that was
 * closed sends it, too. What comes while the daemon is still starting is not lost.
 */

export interface Signals {
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly asked: Promise<void>;
  /** Aborts when somebody does not want to wait any longer. */
  readonly hurry: AbortSignal;
  /** From now on the second request to end aborts `hurry`, and only the one after it is too much. */
  bePatient(): void;
  hurryUp(): void;
  /** What SIGHUP does from now on; one that came before there was anything to do is made up for. */
  onHangUp(act: () => void): void;
}

/** @param tooMuch ends the process at once: it was asked again although it does not wait for anything */
export function hearSignals(tooMuch: () => void): Signals {
  const hurry = new AbortController();
  let isAsked = false;
  let isPatient = false;
  let hasHungUp = false;
  let hangUp = (): void => {
    hasHungUp = true;
  };
  const asked = new Promise<void>((resolve) => {
    const end = (): void => {
      if (!isAsked) resolve();
      else if (isPatient && !hurry.signal.aborted) hurry.abort();
      else tooMuch();
      isAsked = true;
    };
    process.on("SIGTERM", end).on("SIGINT", end);
  });
  process.on("SIGHUP", () => hangUp());
  // Without this Node opens a debugger, through which every user of the machine reads all that the daemon knows (I12).
  process.on("SIGUSR1", () => undefined);
  return {
    asked,
    hurry: hurry.signal,
    bePatient(): void {
      isPatient = true;
    },
    hurryUp: () => hurry.abort(),
    onHangUp(act): void {
      hangUp = act;
      if (hasHungUp) act();
      hasHungUp = false;
    },
  };
}
