// Tests that run only in CI: with them, the tests of a fresh clone would take too long.
import { test } from "vitest";
import { inCi } from "./in-ci.ts";

export const longTest: typeof test = test.skipIf(!inCi) as typeof test;
