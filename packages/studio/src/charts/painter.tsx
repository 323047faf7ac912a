// A chart whose values can be dragged: with the pointer, or point by point with the keyboard.
import { axis, chart, color, countIncrements, fitChart, yAxis } from "@eddy/ui";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { requestDrawing } from "../live/frames.ts";
import { useStore } from "../state/store.ts";
import { shownTheme } from "../state/theme.ts";
import { useTexts } from "../texts/texts.ts";
import { useDrawing } from "./use-drawing.ts";

interface PaintedLine {
  values: ArrayLike<number>;
  /** A colour of the theme. */
  color: string;
  width: number;
}

export interface PainterProps {
  lines: PaintedLine[];
  /** Index of the line that can be dragged. */
  editable: number;
  range: [number, number];
  label: string;
  xLabel: string;
  onChange(values: number[]): void;
}

export function Painter(props: PainterProps): JSX.Element {
  const { theme } = useStore(shownTheme);
  const { signals, charts } = useTexts();
  const [point, setPoint] = useState(0);
  const current = useRef({ props, point });
  current.current = { props, point };
  const isFocused = useRef(false);
  requestDrawing();

  const reference = useDrawing<HTMLDivElement>(
    (element) => {
      const empty = [[], ...props.lines.map(() => [])] as unknown as Parameters<typeof chart>[1];
      const plot = chart(element, empty, {
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [1, Math.max(2, current.current.props.lines[props.editable]!.values.length)] },
          y: { range: () => current.current.props.range },
        },
        axes: [axis(props.xLabel, { size: 27, incrs: countIncrements }), yAxis(charts.value, { size: 52 })],
        series: [
          {},
          ...props.lines.map((line, i) => ({
            stroke: color(line.color),
            width: line.width,
            points: { show: i === props.editable, size: 6, fill: color(line.color) },
          })),
        ],
        hooks: {
          draw: [
            (plot) => {
              if (!isFocused.current) return;
              const { props, point } = current.current;
              const value = props.lines[props.editable]!.values[point]!;
              plot.ctx.strokeStyle = color("ink");
              plot.ctx.lineWidth = 2 * devicePixelRatio;
              plot.ctx.beginPath();
              const [x, y] = [plot.valToPos(point + 1, "x", true), plot.valToPos(value, "y", true)];
              plot.ctx.arc(x, y, 7 * devicePixelRatio, 0, 2 * Math.PI);
              plot.ctx.stroke();
            },
          ],
        },
      });
      let last: { index: number; value: number } | undefined;
      const paint = (event: PointerEvent) => {
        const { lines, editable, range, onChange } = current.current.props;
        const values = Array.from(lines[editable]!.values);
        const box = plot.over.getBoundingClientRect();
        const index = clamp(Math.round(plot.posToVal(event.clientX - box.left, "x")) - 1, 0, values.length - 1);
        const value = clamp(plot.posToVal(event.clientY - box.top, "y"), ...range);
        // A fast pointer skips points; they lie on the line between.
        const from = last ?? { index, value };
        const steps = Math.max(1, Math.abs(index - from.index));
        for (let k = 0; k <= steps; k++) {
          values[Math.round(from.index + ((index - from.index) * k) / steps)] =
            from.value + ((value - from.value) * k) / steps;
        }
        last = { index, value };
        setPoint(index);
        onChange(values);
      };
      plot.over.style.touchAction = "none";
      plot.over.style.cursor = "crosshair";
      plot.over.addEventListener("pointerdown", (event) => {
        plot.over.setPointerCapture(event.pointerId);
        last = undefined;
        paint(event);
      });
      plot.over.addEventListener("pointermove", (event) => {
        if (event.buttons > 0) paint(event);
      });
      return {
        draw() {
          const { lines, editable } = current.current.props;
          const { length } = lines[editable]!.values;
          const x = Array.from({ length }, (_, i) => i + 1);
          plot.setData([x, ...lines.map(({ values }) => x.map((_, i) => values[i] ?? null))]);
        },
        fit: () => fitChart(plot, element),
        remove: () => plot.destroy(),
      };
    },
    [theme, props.editable, props.lines.length, props.xLabel],
  );

  const values = props.lines[props.editable]!.values;
  const at = Math.min(point, values.length - 1);
  const keys = (event: KeyboardEvent) => {
    const [low, high] = props.range;
    const by = (high - low) / (event.shiftKey ? 10 : 40);
    const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
    const changes: Record<string, number> = { ArrowUp: by, ArrowDown: -by };
    if (event.key in moves) setPoint(clamp(at + moves[event.key]!, 0, values.length - 1));
    else if (event.key in changes) {
      const next = Array.from(values);
      next[at] = clamp(next[at]! + changes[event.key]!, low, high);
      props.onChange(next);
    } else return;
    event.preventDefault();
  };
  const focus = (now: boolean) => () => {
    isFocused.current = now;
    requestDrawing();
  };
  return (
    <div
      class="chart painter"
      ref={reference}
      role="slider"
      tabIndex={0}
      data-keys
      aria-label={props.label}
      aria-valuemin={props.range[0]}
      aria-valuemax={props.range[1]}
      aria-valuenow={values[at] ?? 0}
      aria-valuetext={signals.point(at + 1, values.length, (values[at] ?? 0).toFixed(2))}
      onKeyDown={keys}
      onFocus={focus(true)}
      onBlur={focus(false)}
    />
  );
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
