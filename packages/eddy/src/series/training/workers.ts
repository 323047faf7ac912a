/** Trains several networks: in worker threads, or one after the other in this thread. */
import { nowMs, type Pace } from "../pace.ts";
import {
  type NetworkEvent,
  type NetworkTask,
  type PlainRows,
  type SharedWork,
  trainNetwork,
} from "./network-training.ts";
import { startThread, type Thread } from "./threads.ts";
import type { TrainingProgress } from "./training-loop.ts";
import type { FromWorker, ToWorker } from "./worker.ts";

declare const setTimeout: (run: () => void, ms: number) => void;

/** How the networks are trained. */
export interface Crew {
  /** Networks that are trained at the same time. */
  jobs: number;
  /** Wall-clock time at which all trainings end; infinite without a budget. */
  endMs: number;
  signal: { readonly aborted: boolean } | undefined;
  pace: Pace;
}

/** An event of one of the tasks. */
export type TaskEvent = NetworkEvent & { task: NetworkTask };

/** Trains a network for each task; the events of different networks arrive in any order, their results are the same bits. */
export async function* trainNetworks(
  work: SharedWork,
  tasks: readonly NetworkTask[],
  crew: Crew,
): AsyncGenerator<TaskEvent> {
  const queue = [...tasks];
  const threads = crew.jobs > 1 && queue.length > 1 ? await startThreads(Math.min(crew.jobs, queue.length), work) : [];
  if (threads.length > 1) yield* inThreads(threads, queue, crew);
  for (const thread of threads) thread.end();
  while (queue.length > 0 && !crew.signal?.aborted) {
    const task = queue.shift()!;
    const { signal, pace } = crew;
    const budgetMs = budgetOf(task, crew, queue.length + 1, 1);
    for await (const event of trainNetwork(work, task, { budgetMs, signal, pace })) yield { ...event, task };
  }
}

/** The limit of a network's own time, if the time that is left is divided among all networks that have not started. */
function budgetOf({ progress }: NetworkTask, { endMs }: Crew, waiting: number, jobs: number): number {
  return (progress?.elapsedMs ?? 0) + Math.max(0, endMs - nowMs()) / Math.ceil(waiting / jobs);
}

/** Starts threads and hands them the work; those that do not start are left out. */
async function startThreads(count: number, work: SharedWork): Promise<Thread[]> {
  const message: ToWorker = { kind: "work", work: shared(work) };
  const starting = Array.from({ length: count }, async () => {
    const thread = startThread();
    if (thread === undefined) return [];
    const started = await new Promise<boolean>((resolve) => {
      thread.onMessage(() => resolve(true));
      thread.onError(() => resolve(false));
    });
    if (started) thread.post(message);
    else thread.end();
    return started ? [thread] : [];
  });
  return (await Promise.all(starting)).flat();
}

/** Milliseconds between two looks at the signal. */
const signalEveryMs = 20;

async function* inThreads(threads: readonly Thread[], queue: NetworkTask[], crew: Crew): AsyncGenerator<TaskEvent> {
  const events: (TaskEvent | { kind: "failed"; error: unknown })[] = [];
  let wake = () => {};
  let [busy, stopped] = [0, false];
  const next = (thread: Thread) => {
    if (stopped || queue.length === 0) return;
    const budgetMs = budgetOf(queue[0], crew, queue.length, threads.length);
    const task = queue.shift()!;
    busy++;
    const known = new Map(task.progress?.snapshots.map((snapshot) => [snapshot.epoch, snapshot]));
    thread.onMessage((message: FromWorker) => {
      if (message.kind === "ready") return;
      if (message.kind === "failed") events.push(message);
      else {
        if ("progress" in message) completeSnapshots(message.progress, known);
        events.push({ ...message, task });
      }
      if (message.kind === "end" || message.kind === "failed") {
        busy--;
        next(thread);
      }
      wake();
    });
    thread.post({ kind: "task", task, budgetMs } satisfies ToWorker);
  };
  try {
    for (const thread of threads) {
      thread.onError((error) => {
        events.push({ kind: "failed", error });
        busy--;
        wake();
      });
      next(thread);
    }
    while (busy > 0 || events.length > 0) {
      if (crew.signal?.aborted && !stopped) {
        stopped = true;
        for (const thread of threads) thread.post({ kind: "stop" } satisfies ToWorker);
      }
      const event = events.shift();
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, signalEveryMs);
        });
      } else if (event.kind === "failed") throw event.error;
      else yield event;
    }
  } finally {
    for (const thread of threads) thread.end();
  }
}

/** Puts back the weights of the snapshots that the worker has sent before. */
function completeSnapshots(
  progress: TrainingProgress,
  known: Map<number, TrainingProgress["snapshots"][number]>,
): void {
  progress.snapshots = progress.snapshots.map((snapshot) => {
    if (snapshot.weights.length > 0) known.set(snapshot.epoch, snapshot);
    return known.get(snapshot.epoch) ?? snapshot;
  });
}

/** The work in shared memory where there is such, so that the threads do not hold a copy each. */
function shared(work: SharedWork): SharedWork {
  if (typeof SharedArrayBuffer !== "function") return work;
  const copy = <Values extends Float32Array | Float64Array>(values: Values): Values => {
    const memory = new SharedArrayBuffer(values.byteLength);
    const sharedValues = (
      values instanceof Float32Array ? new Float32Array(memory) : new Float64Array(memory)
    ) as Values;
    sharedValues.set(values);
    return sharedValues;
  };
  const rows = ({ x, y, columns, ...plain }: PlainRows): PlainRows => ({
    ...plain,
    x: copy(x),
    y: copy(y),
    columns: columns.map(([name, values]) => [name, copy(values)] as const),
  });
  return { ...work, rows: rows(work.rows), validationRows: work.validationRows && rows(work.validationRows) };
}
