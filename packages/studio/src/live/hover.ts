// What the pointer is on: one instant, shared by the charts, and one hidden unit.
import { Store } from "../state/store.ts";

export const hover = new Store<{ time: number | undefined; unit: number | undefined }>({
  time: undefined,
  unit: undefined,
});
