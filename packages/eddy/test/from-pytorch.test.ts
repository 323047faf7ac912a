/** docs/from-pytorch.md: every name of Eddy in its table exists. */
import { readFileSync } from "node:fs";
import * as eddy from "eddy";
import { nn, optim, Tensor, tensor } from "eddy";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../../docs/from-pytorch.md", import.meta.url), "utf8");
const table = page.slice(page.indexOf("<!-- names"), page.indexOf("<!-- /names"));
const names = table
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| PyTorch"))
  .flatMap((line) => [...line.split("|")[2].matchAll(/`([\w.]+)`/g)].map(([, name]) => name));

/** Members that are set by constructors, which prototypes do not have. */
const example: Record<string, object> = {
  paramGroups: new optim.SGD([new nn.Parameter(tensor(1))], { lr: 1 }),
  lastLr: optim.Schedule.prototype,
};

function exists(name: string): boolean {
  const path = name.split(".");
  const member = path.pop() as string;
  if (path[0] === "Tensor") return member in Tensor.prototype || member in tensor([1]);
  if (name in example) return name in example[name];
  let at: unknown = eddy;
  for (const part of path) at = (at as Record<string, unknown>)[part];
  if (path.length > 1 && typeof at === "function") return member in at.prototype; // nn.Module.apply
  return (at as Record<string, unknown>)[member] !== undefined;
}

test("every name on the right exists", () => {
  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name) => !exists(name))).toEqual([]);
});

test("the table has every layer, loss, optimiser and schedule", () => {
  const classes = (namespace: object, prefix: string) =>
    Object.entries(namespace)
      .filter(([name, value]) => /^[A-Z]/.test(name) && typeof value === "function")
      .map(([name]) => `${prefix}.${name}`);
  const own = ["nn.Module", "nn.MinGRU", "nn.MinGRUCell", "nn.QuantileLoss", "optim.Optimizer", "optim.Schedule"];
  const missing = [...classes(nn, "nn"), ...classes(optim, "optim")].filter(
    (name) => !names.includes(name) && !own.includes(name),
  );
  expect(missing).toEqual([]);
});
