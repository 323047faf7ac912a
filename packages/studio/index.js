// Where the built studio lies: static files for any host.
import { fileURLToPath } from "node:url";

export const studioFolder = fileURLToPath(new URL("dist/", import.meta.url));
