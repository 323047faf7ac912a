// Which room may import from which: assembly ← kernels ← tensor ← nn ← optim ← formats ← series ← apps; in the command line:
// failure, io ← texts ← format ← terminal ← session ← files, reading, drawing ← demo, report ← commands ← run ← main.
const library = "^packages/eddy/src";
const floors = ["kernels", "tensor", "nn", "optim", "formats", "series"];

/** No floor of the library knows a floor above it. */
const upward = floors.slice(0, -1).map((floor, i) => ({
  name: `${floor}-knows-nothing-above`,
  severity: "error",
  from: { path: `${library}/${floor}/` },
  to: { path: `${library}/((${floors.slice(i + 1).join("|")})/|index\\.ts$)` },
}));

const series = `${library}/series`;
const seriesRooms = [
  "data",
  "forecast",
  "network",
  "intervals",
  "settings",
  "file",
  "baselines",
  "scores",
  "record",
  "training",
];

/** In series, each room imports only rooms before it; the files at the root stand above all rooms, apart from pace.ts. */
const upwardInSeries = seriesRooms.map((room, i) => ({
  name: `series-${room}-imports-only-rooms-before-it`,
  severity: "error",
  from: { path: `${series}/${room}/` },
  to: { path: `${series}/`, pathNot: `${series}/(pace\\.ts$|(${seriesRooms.slice(0, i + 1).join("|")})/)` },
}));

const cli = "^packages/cli/src";
const cliRooms = [
  ["ground", "(failure|io)\\.ts"],
  ["texts", "texts/"],
  ["format", "format\\.ts"],
  ["terminal", "terminal/"],
  ["session", "session\\.ts"],
  ["files, reading and drawing", "(files|reading|drawing)/"],
  ["demo and report", "(demo|report)/"],
  ["commands", "commands/"],
  ["run", "(run|main)\\.ts"],
];

/** In the command line, no room imports from a room above it. */
const upwardInCli = cliRooms.slice(0, -1).map(([name, path], i) => ({
  name: `cli: ${name} import from below only`,
  severity: "error",
  from: { path: `${cli}/${path}` },
  to: {
    path: `${cli}/(${cliRooms
      .slice(i + 1)
      .map(([, above]) => above)
      .join("|")})`,
  },
}));

module.exports = {
  forbidden: [
    ...upward,
    ...upwardInSeries,
    {
      name: "a-model-in-use-loads-no-training",
      comment: "eddy/model is for pages and services that only predict",
      severity: "error",
      from: { path: `${series}/(model|stream|forecaster|forecast-stream|pace)\\.ts$` },
      to: { path: `${series}/(baselines|scores|record|training)/` },
    },
    ...upwardInCli,
    ...[
      ["files", "reading", "drawing"],
      ["demo", "report"],
    ].map((floor) => ({
      name: `cli: ${floor.join(", ")} do not import one another`,
      severity: "error",
      from: { path: `${cli}/(${floor.join("|")})/` },
      to: { path: `${cli}/(${floor.join("|")})/`, pathNot: `${cli}/$1/` },
    })),
    {
      name: "cli: no cycles",
      comment: "types included",
      severity: "error",
      from: { path: "^packages/cli/" },
      to: { circular: true },
    },
    {
      name: "random-stands-alone",
      severity: "error",
      from: { path: `${library}/random\\.ts$` },
      to: { path: library, pathNot: `${library}/fault\\.ts$` },
    },
    {
      name: "library-runs-in-the-browser",
      comment: "packages/eddy uses no Node built-ins",
      severity: "error",
      from: { path: library },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "only-the-public-index-crosses-a-package-border",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: {
        path: "^packages/([^/]+)/",
        pathNot: [
          "^packages/$1/",
          "^packages/[^/]+/(src|dist)/(series/)?index\\.(ts|js|d\\.ts)$",
          "^packages/eddy/(src|dist)/series/model\\.(ts|js|d\\.ts)$",
        ],
      },
    },
    {
      name: "apps-do-not-import-one-another",
      comment: "the cli alone may start server, fleet and studio",
      severity: "error",
      from: { path: "^packages/(server|fleet|studio|ui)/" },
      to: { path: "^packages/(cli|server|fleet|studio)/", pathNot: "^packages/$1/" },
    },
    {
      name: "declared-in-its-own-package-json",
      comment: "npm workspaces hoist: what resolves here may be missing elsewhere",
      severity: "error",
      from: { path: "^packages/[^/]+/src" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"] },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "dist"] },
    exclude: { path: ["/dist/", "/test/", "/assets/", "/assembly/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    combinedDependencies: false,
  },
};
