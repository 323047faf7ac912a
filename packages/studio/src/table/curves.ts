// The names of the curves that the worker sends and the charts draw.

export type CurveKind = "input" | "measured" | "predicted" | "low" | "high";

export const curveName = (kind: CurveKind, column: string) => `${kind}:${column}`;
