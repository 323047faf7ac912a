// Connects a drawing to its element: it is created with the element, drawn once per frame, fitted and removed.
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { addDrawing, requestDrawing } from "../live/frames.ts";

export interface Drawing {
  /** Draws what has changed; called at most once per frame. */
  draw(): void;
  /** Fits the drawing to its element. */
  fit(): void;
  remove?(): void;
}

/** A drawing in the element of the returned reference; it is created anew when one of `reasons` changes. */
export function useDrawing<E extends HTMLElement>(
  create: (element: E) => Drawing,
  reasons: unknown[],
): RefObject<E | null> {
  const reference = useRef<E>(null);
  useEffect(() => {
    const element = reference.current!;
    const drawing = create(element);
    const stop = addDrawing(() => drawing.draw());
    const observer = new ResizeObserver(() => {
      drawing.fit();
      requestDrawing();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      stop();
      drawing.remove?.();
    };
  }, reasons);
  return reference;
}

/** Gives a canvas as many pixels as its element has on the screen; returns whether that changed. */
export function fitCanvas(canvas: HTMLCanvasElement): boolean {
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  if (canvas.width === width && canvas.height === height) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}
