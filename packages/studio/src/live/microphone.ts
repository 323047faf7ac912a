// The loudness that the microphone hears, as an input to learn from. The sound itself is neither kept nor sent anywhere.

const intervalMs = 50;

/** The loudness every 50 ms, scaled to the range from −1 to 1. @throws if the person or the browser does not allow it. */
export async function loudness(durationMs: number): Promise<number[]> {
  if (!navigator.mediaDevices) throw new Error("the page needs https or localhost");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext();
  try {
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const heard: number[] = [];
    for (let i = 0; i < durationMs / intervalMs; i++) {
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
      analyser.getFloatTimeDomainData(samples);
      heard.push(Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length));
    }
    const [low, high] = [Math.min(...heard), Math.max(...heard)];
    return heard.map((value) => (high > low ? (2 * (value - low)) / (high - low) - 1 : 0));
  } finally {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
  }
}
