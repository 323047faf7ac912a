/** utils.data: datasets and loaders by PyTorch's name of their module. */
export { TensorDataset, Windows } from "./dataset.ts";
export {
  collateSequences,
  DataLoader,
  randomSplit,
  /** @deprecated Write randomSplit. */
  randomSplit as random_split,
} from "./loader.ts";
