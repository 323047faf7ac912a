// The data of the demo page: `eddy demo` writes it, demo.ts reads it.

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

/** The texts that the script sets; the others are already in the page. */
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
  /** With the placeholders {step}, {steps} and {loss}. */
  status: string;
}
