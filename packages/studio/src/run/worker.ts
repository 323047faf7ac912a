// The Web Worker that runs the program: messages in, messages out.
import type { Report, Request } from "./protocol.ts";
import { Runner } from "./runner.ts";

const clock = {
  now: () => performance.now(),
  after(ms: number, callBack: () => void) {
    const timer = setTimeout(callBack, ms);
    return () => clearTimeout(timer);
  },
};

const runner = new Runner((report: Report) => postMessage(report), clock);
addEventListener("message", ({ data }: MessageEvent<Request>) => runner.receive(data));
