// The state strip: the hidden units over time as a picture, one row per unit and one column per time step.

/** RGBA for 256 values from −1 to 1. */
export type ColorScale = Uint8ClampedArray;

type Rgb = readonly [number, number, number];

/** Purple, ground, green (ColorBrewer's PRGn): people with any kind of colour blindness can tell the ends apart. */
const ends: Record<"light" | "dark", readonly [negative: Rgb, zero: Rgb, positive: Rgb]> = {
  light: [
    [106, 33, 134],
    [244, 245, 247],
    [20, 112, 52],
  ],
  dark: [
    [205, 147, 233],
    [29, 37, 49],
    [104, 214, 146],
  ],
};

/** Diverging colours for values from −1 to 1; zero is close to the ground of the theme. */
export function divergingScale(theme: "light" | "dark"): ColorScale {
  const [negative, zero, positive] = ends[theme];
  return scaleOf((value) => mixed(zero, value < 0 ? negative : positive, Math.abs(value) ** 0.8));
}

/** Colours for values from 0 to 1, such as gates: from the ground to blue. */
export function gateScale(theme: "light" | "dark"): ColorScale {
  const full: Rgb = theme === "light" ? [23, 74, 168] : [143, 189, 255];
  return scaleOf((value) => mixed(ends[theme][1], full, Math.max(0, value)));
}

/** The colour of one value, for CSS. */
export function cssColor(scale: ColorScale, value: number): string {
  const at = 4 * indexOf(value);
  return `rgb(${scale[at]} ${scale[at + 1]} ${scale[at + 2]})`;
}

/** A picture of `values`, (time, units) row-major: `time` pixels wide, `units` pixels high, unit 0 at the top. */
export function stripPicture(values: Float32Array, time: number, units: number, scale: ColorScale): HTMLCanvasElement {
  const picture = document.createElement("canvas");
  picture.width = time;
  picture.height = units;
  const context = picture.getContext("2d")!;
  const image = context.createImageData(time, units);
  for (let t = 0; t < time; t++) {
    for (let unit = 0; unit < units; unit++) {
      const from = 4 * indexOf(values[t * units + unit]!);
      image.data.set(scale.subarray(from, from + 4), 4 * (unit * time + t));
    }
  }
  context.putImageData(image, 0, 0);
  return picture;
}

function scaleOf(color: (value: number) => Rgb): ColorScale {
  const scale = new Uint8ClampedArray(4 * 256);
  for (let i = 0; i < 256; i++) scale.set([...color((i - 128) / 127), 255], 4 * i);
  return scale;
}

const indexOf = (value: number) => Math.min(255, Math.max(0, Math.round(128 + 127 * value))) || 0;

const mixed = (from: Rgb, to: Rgb, share: number): Rgb => {
  const [r, g, b] = from.map((channel, i) => channel + (to[i]! - channel) * Math.min(1, share));
  return [r!, g!, b!];
};
