// Waiting with a deadline.

/** The error that no answer came in time. */
export class TooSlow extends Error {}

/** The first of several promises to settle; rejects with TooSlow if none does in time. */
export async function within<T>(deadlineMs: number, promises: Promise<T>[]): Promise<T> {
  for (const promise of promises) promise.catch(() => {}); // later rejections have no handler
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
