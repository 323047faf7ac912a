/** Threads: the workers of Node and of browsers behind one small interface. */

/** One end of a channel between two threads; messages are copied, except shared memory. */
export interface ThreadPort {
  post(message: unknown): void;
  /** Sets the only handler of messages. */
  onMessage(handle: (message: never) => void): void;
}

/** A thread, as the one that started it sees it. */
export interface Thread extends ThreadPort {
  /** Sets the only handler of errors. */
  onError(handle: (error: unknown) => void): void;
  end(): void;
}

interface NodeWorker {
  on(event: "message" | "error", handle: (value: never) => void): void;
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
}
interface WebWorker {
  onmessage: ((event: { data: never }) => void) | null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

declare const URL: new (path: string, base: string) => { readonly href: string };
type Url = InstanceType<typeof URL>;
declare global {
  interface ImportMeta {
    url: string;
  }
}
declare const process: { getBuiltinModule?: (name: string) => unknown } | undefined;
declare const navigator: { readonly hardwareConcurrency?: number } | undefined;
declare const Worker: (new (url: Url, options: { type: "module" }) => WebWorker) | undefined;
declare const self: WebWorker & { postMessage(message: unknown): void };

/** A module of Node, without an import that browsers and bundlers would have to resolve; undefined elsewhere. */
function nodeModule<Module>(name: string): Module | undefined {
  return typeof process === "object" ? (process.getBuiltinModule?.(name) as Module | undefined) : undefined;
}

interface NodeThreads {
  Worker: new (url: Url) => NodeWorker;
  parentPort: {
    postMessage(message: unknown): void;
    on(event: "message", handle: (message: never) => void): void;
  } | null;
}

const nodeThreads = () => nodeModule<NodeThreads>("node:worker_threads");

/** The number of cores. */
export function coreCount(): number {
  const os = nodeModule<{ availableParallelism(): number }>("node:os");
  return os?.availableParallelism() ?? (typeof navigator === "object" ? navigator.hardwareConcurrency : undefined) ?? 1;
}

/** Starts the worker of this package; undefined where there is none: without threads, in a classic script, and from TypeScript sources. */
export function startThread(): Thread | undefined {
  // A bundle that is a classic script has no `import.meta.url`.
  if (import.meta.url?.endsWith(".ts") ?? true) return undefined;
  const node = nodeThreads();
  if (node !== undefined) {
    const worker = new node.Worker(new URL("./worker.js", import.meta.url));
    const handles: { message?: (message: never) => void; error?: (error: never) => void } = {};
    worker.on("message", (message) => handles.message?.(message));
    worker.on("error", (error) => handles.error?.(error));
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (handle) => {
        handles.message = handle;
      },
      onError: (handle) => {
        handles.error = handle;
      },
      end: () => void worker.terminate(),
    };
  }
  if (typeof Worker !== "function") return undefined;
  try {
    // Bundlers recognise this expression and add the worker to their output.
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (handle) => {
        worker.onmessage = ({ data }) => handle(data);
      },
      onError: (handle) => {
        worker.onerror = (event) => {
          event.preventDefault();
          handle(new Error(event.message));
        };
      },
      end: () => worker.terminate(),
    };
  } catch {
    return undefined; // a page's security policy may forbid workers
  }
}

/** In a worker, the channel to the thread that started it. */
export function parentPort(): ThreadPort {
  const port = nodeThreads()?.parentPort;
  if (port) {
    return { post: (message) => port.postMessage(message), onMessage: (handle) => port.on("message", handle) };
  }
  return {
    post: (message) => self.postMessage(message),
    onMessage: (handle) => {
      self.onmessage = ({ data }) => handle(data);
    },
  };
}
