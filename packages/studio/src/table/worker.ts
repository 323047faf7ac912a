// The Web Worker that reads tables, trains and predicts.
import { TableJob } from "./job.ts";
import type { Report, Request } from "./protocol.ts";

const port = self as unknown as {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(report: Report): void;
};
const job = new TableJob((report) => port.postMessage(report));
port.onmessage = ({ data }) => void job.handle(data);
