// Lists the skipped tests at the end of a test run; with EDDY_REQUIRE_ALL_CHECKS=1, as in CI, a skipped test is a failure.
import type { Reporter, TestModule, Vitest } from "vitest/node";
import { inCi } from "./in-ci.ts";

/** Lists the tests that skipped themselves, and why. */
export class SkippedTests implements Reporter {
  private isFiltered = false;

  onInit({ config }: Vitest): void {
    this.isFiltered = config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.isFiltered) return; // -t skips tests too
    const lines: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const result = test.result();
        if (test.options.mode === "todo" || result.state !== "skipped") continue;
        lines.push(`skipped: ${test.fullName}${result.note === undefined ? "" : ` (${result.note})`}`);
      }
    }
    if (!inCi && modules.some(({ project }) => project.name === "plain")) {
      lines.push("skipped: most tests of series with the plain kernels");
      lines.push("fewer than in CI: random cases, pairs of the studio's settings, widths of the terminal");
    }
    if (lines.length === 0) return;
    console.warn(lines.join("\n"));
    if (!inCi) return;
    console.error(
      "EDDY_REQUIRE_ALL_CHECKS=1 does not allow skipped tests: install the Debian packages in ci/packages.txt.",
    );
    process.exitCode = 1;
  }
}
