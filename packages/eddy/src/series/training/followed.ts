/** The training of several networks as one: it keeps their progress, and its reports say how far the whole is. */
import { countRows } from "../data/rows.ts";
import { columnsOf, type ScaledFrame } from "../data/scaled-frame.ts";
import { networkOptions, productsPerRow } from "../network/sizes.ts";
import { nowMs } from "../pace.ts";
import type { TrainingReport } from "../record/report.ts";
import type { NetworkTask, PlainRows, SharedWork } from "./network-training.ts";
import { coreCount } from "./threads.ts";
import { hasEnded, type NetworkState, type StartedJob } from "./training-state.ts";
import { trainNetworks } from "./workers.ts";

/** Multiply-adds of a training below which starting threads would take longer than they save. */
const minThreadedProducts = 1e9;

/** The number of networks that are trained at the same time. */
export function jobsOf({ options: { jobs }, prepared, state: { variants, networks } }: StartedJob): number {
  const [{ options, settings }] = variants;
  const products = productsPerRow(networkOptions(options)) * countRows(prepared.segments) * settings.epochs;
  return products * networks.length < minThreadedProducts ? 1 : Math.min(jobs ?? coreCount(), networks.length);
}

/** The rows of a frame as a task holds them. */
export const plainRows = (
  { frame, x, y, segments, targetScaler }: ScaledFrame,
  targets: readonly string[],
): PlainRows => ({ x, y, segments, targetScaler, columns: [...columnsOf(frame, targets)] });

/** Trains networks, keeps their progress, and yields their reports with what they say about the whole. */
export async function* followed(
  job: StartedJob,
  work: SharedWork,
  tasks: readonly NetworkTask[],
  networks: NetworkState[],
  endMs: number,
): AsyncGenerator<TrainingReport, void> {
  const { state, options, pace, startMs, beforeMs } = job;
  const epochsOf = ({ variant }: { variant: number }) => work.variants[variant].settings.epochs;
  const shares = networks.map((own) => (hasEnded(own) ? 1 : (own.progress?.trainer.epoch ?? 0) / epochsOf(own)));
  const completed = () => shares.reduce((total, share) => total + share, 0) / networks.length;
  const [firstMs, firstShare] = [nowMs(), completed()];
  const crew = { jobs: jobsOf(job), endMs, signal: options.signal, pace };
  for await (const event of trainNetworks(work, tasks, crew)) {
    const { network } = event.task;
    state.elapsedMs = beforeMs + nowMs() - startMs;
    if (event.kind === "note") state.notes.push(event.note);
    else if (event.kind === "progress") networks[network].progress = event.progress;
    else if (event.kind === "end") {
      Object.assign(networks[network], { progress: event.progress, stopped: event.stopped });
      shares[network] = 1;
    } else {
      const { epochsDone, ...report } = event.report;
      shares[network] = Math.min(1, epochsDone / epochsOf(event.task));
      const progress = completed();
      const remainingMs = Math.min(((nowMs() - firstMs) * (1 - progress)) / (progress - firstShare), endMs - nowMs());
      yield {
        ...report,
        networks: networks.length,
        completed: shares.filter((share) => share === 1).length,
        progress,
        elapsedMs: state.elapsedMs,
        ...(progress > firstShare && { remainingMs: Math.max(0, remainingMs) }),
      };
    }
  }
}
