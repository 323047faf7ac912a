// What a test run of CI has more of than `npm test`, so that the tests of a fresh clone take a few minutes.

/** Whether no check may be left out. */
export const inCi = process.env.EDDY_REQUIRE_ALL_CHECKS === "1";

/** Number of random cases: EDDY_FUZZ_RUNS, or in CI `all`, otherwise a quarter of them. */
export const randomCases = (all: number): number =>
  Number(process.env.EDDY_FUZZ_RUNS ?? (inCi ? all : Math.ceil(all / 4)));
