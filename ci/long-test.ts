// Tests that run only in CI: with them, the tests of a fresh clone would take too long.
import { test } from "vitest";

export const longTest: typeof test = test.skipIf(process.env.EDDY_REQUIRE_ALL_CHECKS !== "1") as typeof test;
