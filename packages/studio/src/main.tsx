// Starts the page: theme, first run, views, and the worker that makes it work offline.
import "uplot/dist/uPlot.min.css";
import "@eddy/ui/look.css";
import "./studio.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { begin } from "./live/studio.ts";
import { followAddress } from "./state/address.ts";
import { keepChoices, lastLink } from "./state/choices.ts";
import { applyTheme } from "./state/theme.ts";

applyTheme();
followAddress(lastLink, begin);
keepChoices();
begin();
render(<App />, document.getElementById("studio")!);

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // Without it the page works as well, only not offline; a browser may forbid it.
  navigator.serviceWorker.register("./offline.js").catch(() => {});
}
