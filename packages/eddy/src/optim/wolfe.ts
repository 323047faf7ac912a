/** The line search of L-BFGS: a step that satisfies the strong Wolfe conditions. */

/** The loss at a point on the line, its gradient, and its slope along the direction. */
export interface Point {
  t: number;
  loss: number;
  gradient: Float64Array;
  slope: number;
}

/** The minimum of the cubic through two points with slopes, within bounds; their middle if there is none. */
function cubicMinimum(a: Point, b: Point, low = Math.min(a.t, b.t), high = Math.max(a.t, b.t)): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const d2 = Math.sqrt(square);
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const at = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return Math.min(Math.max(at, low), high);
}

const sufficientDecrease = 1e-4;
const curvature = 0.9;
const maxSteps = 25;

/**
 * Finds a step t along a direction, starting from t.
 *
 * Source: Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6, in PyTorch's implementation (torch/optim/lbfgs.py)
 * @param largest the largest element of the direction, by size.
 * @returns the best point, and the number of evaluations.
 */
export function strongWolfe(
  evaluate: (t: number) => Point,
  start: Point,
  firstStep: number,
  largest: number,
  toleranceChange: number,
): [best: Point, evaluations: number] {
  const isTooHigh = (point: Point) => point.loss > start.loss + sufficientDecrease * point.t * start.slope;
  const isFlat = (point: Point) => Math.abs(point.slope) <= -curvature * start.slope;
  let previous = start;
  let current = evaluate(firstStep);
  let evaluations = 1;
  let steps = 0;
  let bracket: [Point, Point] | undefined;
  let isDone = false;
  // First, steps grow until two of them enclose a point that satisfies the conditions.
  for (; steps < maxSteps; steps++) {
    if (isTooHigh(current) || (steps > 1 && current.loss >= previous.loss)) {
      bracket = [previous, current];
      break;
    }
    if (isFlat(current)) return [current, evaluations];
    if (current.slope >= 0) {
      bracket = [previous, current];
      break;
    }
    const least = current.t + 0.01 * (current.t - previous.t);
    const t = cubicMinimum(previous, current, least, current.t * 10);
    previous = current;
    current = evaluate(t);
    evaluations++;
  }
  bracket ??= [start, current];
  // Then the interval between them shrinks.
  let [lowest, other] = bracket[0].loss <= bracket[1].loss ? bracket : [bracket[1], bracket[0]];
  let isStuck = false;
  while (!isDone && steps < maxSteps) {
    if (Math.abs(lowest.t - other.t) * largest < toleranceChange) break;
    let t = cubicMinimum(lowest, other);
    const high = Math.max(lowest.t, other.t);
    const low = Math.min(lowest.t, other.t);
    const margin = 0.1 * (high - low);
    if (Math.min(high - t, t - low) < margin) {
      if (isStuck || t >= high || t <= low) {
        t = Math.abs(t - high) < Math.abs(t - low) ? high - margin : low + margin;
        isStuck = false;
      } else isStuck = true;
    } else isStuck = false;
    const next = evaluate(t);
    evaluations++;
    steps++;
    if (isTooHigh(next) || next.loss >= lowest.loss) {
      other = next;
      if (other.loss < lowest.loss) [lowest, other] = [other, lowest];
    } else {
      if (isFlat(next)) isDone = true;
      else if (next.slope * (other.t - lowest.t) >= 0) other = lowest;
      lowest = next;
    }
  }
  return [lowest, evaluations];
}
