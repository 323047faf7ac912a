/** A worker thread that trains networks, one after the other. It is started by `workers.ts`, in Node and in browsers. */
import { Pace } from "../pace.ts";
import { type NetworkEvent, type NetworkTask, type SharedWork, trainNetwork } from "./network-training.ts";
import { parentPort } from "./threads.ts";
import type { TrainingProgress } from "./training-loop.ts";

/** A message to a worker: what all networks share, then one task at a time; or the request to stop. */
export type ToWorker =
  | { kind: "work"; work: SharedWork }
  | { kind: "task"; task: NetworkTask; budgetMs: number }
  | { kind: "stop" };

/** A message from a worker. A snapshot that was sent before has no weights. */
export type FromWorker = { kind: "ready" } | { kind: "failed"; error: unknown } | NetworkEvent;

const port = parentPort();
const signal = { aborted: false };
let work: SharedWork | undefined;
const sent = new Set<number>();

port.onMessage(async (message: ToWorker) => {
  if (message.kind === "stop") signal.aborted = true;
  else if (message.kind === "work") work = message.work;
  else {
    const pace = new Pace();
    sent.clear();
    for (const { epoch } of message.task.progress?.snapshots ?? []) sent.add(epoch);
    try {
      for await (const event of trainNetwork(work!, message.task, { budgetMs: message.budgetMs, signal, pace })) {
        port.post("progress" in event ? { ...event, progress: withoutSentWeights(event.progress) } : event);
      }
    } catch (error) {
      port.post({ kind: "failed", error });
    } finally {
      pace.close();
    }
  }
});
port.post({ kind: "ready" });

/** Weights of snapshots are sent once: together they are large. */
function withoutSentWeights(progress: TrainingProgress): TrainingProgress {
  const snapshots = progress.snapshots.map((snapshot) => {
    if (sent.has(snapshot.epoch)) return { ...snapshot, weights: new Float32Array(0) };
    sent.add(snapshot.epoch);
    return snapshot;
  });
  return { ...progress, snapshots };
}
