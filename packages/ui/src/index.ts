// What Eddy's pages share: chart parts, the state strip, languages.
export * from "./charts.ts";
