// The tutorial's signal: half a period of sin and cos in each window.
export function window(step: number, count: number): { xs: Float32Array; ys: Float32Array } {
  const angles = Float32Array.from({ length: count }, (_, i) => (step + i / (count - 1)) * Math.PI);
  return { xs: angles.map(Math.sin), ys: angles.map(Math.cos) };
}
