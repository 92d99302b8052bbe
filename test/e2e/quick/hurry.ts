/** Loaded by Node before a daemon: hurries the clocks and timers of its process (`time.ts`). */

import { hurried, paceOf } from "./time.ts";

const pace = paceOf(process.env);
const { times } = pace;
const now = Date.now.bind(Date);
const monotonic = performance.now.bind(performance);
const wait = setTimeout;
const timeout = AbortSignal.timeout.bind(AbortSignal);

Date.now = () => Math.floor(hurried(pace, now()));
performance.now = () => monotonic() * times;
AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / times));
globalThis.setTimeout = Object.assign(
  (handler: () => void, ms = 0, ...rest: []) => wait(handler, ms / times, ...rest),
  { __promisify__: wait.__promisify__ },
);
