// What Eddy's pages share: chart parts and the state strip.
export * from "./charts.ts";
export * from "./state-strip.ts";
