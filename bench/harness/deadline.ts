// Waiting, but not for ever.

/** No answer came in time. */
export class TooSlow extends Error {}

/** The first of some promises to settle, or TooSlow when none does in time. */
export async function within<T>(deadlineMs: number, promises: Promise<T>[]): Promise<T> {
  for (const promise of promises) promise.catch(() => {}); // those that fail later have nobody to tell
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tell = () => reject(new TooSlow(`no answer within ${Math.round(deadlineMs / 1000)} s`));
    timer = setTimeout(tell, deadlineMs);
  });
  try {
    return await Promise.race([...promises, late]);
  } finally {
    clearTimeout(timer);
  }
}
