// Ctrl-C: the first asks the work to come to a good end, the second ends the process at once.
import { constants } from "node:os";

/**
 * Runs `work` with a signal that the first SIGINT or SIGTERM aborts, with its name as the reason.
 *
 * Files are written in one go, without giving way to signals, so that ending at once leaves none half-written.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, onFirst: () => void): Promise<T> {
  const controller = new AbortController();
  const interrupt = (received: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      process.stderr.write("\x1b[?25h\n"); // the cursor may be hidden
      process.exit(128 + constants.signals[received]);
    }
    controller.abort(received);
    onFirst();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
