// One drawing per animation frame: whatever changes asks for a frame, and every visible drawing follows once.
const drawings = new Set<() => void>();
let afterwards: (() => void)[] = [];
let isRequested = false;

/** Draws everything in the next animation frame. */
export function requestDrawing(): void {
  if (isRequested) return;
  isRequested = true;
  requestAnimationFrame(() => {
    isRequested = false;
    for (const draw of drawings) draw();
    const due = afterwards;
    afterwards = [];
    for (const run of due) run();
  });
}

/** Calls back once, after the next drawing. */
export function afterDrawing(run: () => void): void {
  afterwards.push(run);
  requestDrawing();
}

/** Adds a drawing; returns the function that removes it. */
export function addDrawing(draw: () => void): () => void {
  drawings.add(draw);
  requestDrawing();
  return () => drawings.delete(draw);
}
