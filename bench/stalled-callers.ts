/**
 * Those who stall, for `bench stalled`: a process with so many connections, each of which says nothing, half a head,
 * half a body, or a byte of one every second. Whoever is turned away comes again after a while.
 *
 * Usage: `stalled-callers.ts PORT COUNT ADDRESS`, forked; says `ready` when each has called once. The address is this
 * process's own on the loopback, so that ports do not run out.
 */

import { connect } from "node:net";

const [port = "", count = "", localAddress = ""] = process.argv.slice(2);
const AT_ONCE = 50;
/** Who stalls has time; thousands of new connections a second would be another kind of trouble. */
const AGAIN_MS = 30_000;
const DRIP_MS = 1_000;

const HEAD = "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const BODY = `${HEAD}X-Hub-Signature-256: sha256=${"0".repeat(64)}\r\nContent-Length: 200000\r\n\r\n{"half":"`;
/** What each kind of caller says at first. */
const SAYS = ["", `${HEAD}X-Half: `, `${BODY}${"x".repeat(4_000)}`, BODY];
const DRIPPING = 3;

let called = 0;

/** @param onCalled once the connection is there, or could not be made */
function call(number: number, onCalled: () => void): void {
  const kind = number % SAYS.length;
  let drip: NodeJS.Timeout | undefined;
  const socket = connect({ port: Number(port), host: "127.0.0.1", localAddress });
  socket.once("connect", () => {
    socket.write(SAYS[kind] ?? "");
    if (kind === DRIPPING) drip = setInterval(() => socket.write("x"), DRIP_MS);
    onCalled();
  });
  // A connection that is refused or reset is what is to be expected; one that cannot be made here is not.
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EMFILE" || error.code === "EADDRNOTAVAIL") throw error;
  });
  socket.resume().once("close", () => {
    clearInterval(drip);
    setTimeout(() => call(number, () => undefined), AGAIN_MS);
  });
}

function callNext(): void {
  if (called === Number(count)) return;
  call(called++, () => {
    if (called === Number(count)) process.send?.("ready");
    else callNext();
  });
}

for (let first = 0; first < AT_ONCE; first++) callNext();
process.once("disconnect", () => process.exit());
