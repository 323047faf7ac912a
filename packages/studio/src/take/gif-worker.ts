// The Web Worker that encodes an animation: frames in, one GIF out.
import { applyPalette, GIFEncoder, quantize } from "gifenc";

/** A frame, or the end. The palette is made of the frame that comes first. */
export type GifRequest =
  | { kind: "frame"; rgba: Uint8ClampedArray; width: number; height: number; delayMs: number }
  | { kind: "finish" };

const gif = GIFEncoder();
let palette: ReturnType<typeof quantize> | undefined;

addEventListener("message", ({ data: request }: MessageEvent<GifRequest>) => {
  if (request.kind === "finish") {
    gif.finish();
    postMessage(gif.bytes());
    return;
  }
  const { rgba, width, height, delayMs } = request;
  const isFirst = palette === undefined;
  palette ??= quantize(rgba, 128);
  gif.writeFrame(applyPalette(rgba, palette), width, height, {
    ...(isFirst ? { palette, repeat: 0 } : {}),
    delay: delayMs,
  });
});
