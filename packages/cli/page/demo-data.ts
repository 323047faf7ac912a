// What the page is given to replay: `eddy demo` writes it, the player reads it.

export interface PageData {
  windows: ReplayedWindow[];
  texts: PlayerTexts;
}

/** One window of the run. */
interface ReplayedWindow {
  /** 1 for the first. */
  step: number;
  /** Radians. */
  time: number[];
  target: number[];
  prediction: number[];
  loss: number;
}

/** The texts that the player sets while it runs; the others stand in the page already. */
interface PlayerTexts {
  loss: string;
  signalChart: string;
  lossChart: string;
  time: string;
  value: string;
  stepAxis: string;
  play: string;
  pause: string;
  replay: string;
  /** With {step}, {steps} and {loss} to be filled in. */
  status: string;
}
