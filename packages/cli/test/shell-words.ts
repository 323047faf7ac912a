// What a real POSIX shell makes of a command line.
import { spawnSync } from "node:child_process";

/** The words of a command as `sh` hands them to a program. */
export function shellWords(command: string): string[] {
  const { stdout, status, stderr } = spawnSync("sh", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8" });
  if (status !== 0 || stderr !== "") throw new Error(`sh: ${stderr}`);
  return stdout.split("\0").slice(0, -1);
}
