// Builds the page as static files that work under any path of any host, and the list of files that make it work offline.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** Adds `offline.js`, the service worker: its cache is named after the content of all files. */
function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    generateBundle(_, bundle) {
      const hash = createHash("sha256");
      for (const [name, file] of Object.entries(bundle).sort(([a], [b]) => a.localeCompare(b))) {
        hash.update(name).update(file.type === "chunk" ? file.code : file.source);
      }
      const files = ["./", "icon.svg", ...Object.keys(bundle).filter((name) => name !== "index.html")];
      this.emitFile({
        type: "asset",
        fileName: "offline.js",
        source: serviceWorker(`eddy-studio-${hash.digest("hex").slice(0, 12)}`, files),
      });
    },
  };
}

/** Answers from the cache of this build, and removes the caches of earlier ones. */
const serviceWorker = (
  cache: string,
  files: string[],
) => `// The studio's service worker: the files of one build, for use offline.
const name = ${JSON.stringify(cache)};
const files = ${JSON.stringify(files)};
addEventListener("install", (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(files)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const old = (key) => key.startsWith("eddy-studio-") && key !== name;
  event.waitUntil(
    caches.keys().then((keys) => Promise.all(keys.filter(old).map((key) => caches.delete(key)))).then(() => clients.claim()),
  );
});
addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  // A page asks the network first, so that a new build is seen at once; its files are named after their content.
  const cached = () => caches.match(event.request, { ignoreSearch: true });
  event.respondWith(
    event.request.mode === "navigate"
      ? fetch(event.request).catch(() => caches.match("./"))
      : cached().then((found) => found ?? fetch(event.request)),
  );
});
`;

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  build: { target: "es2023", chunkSizeWarningLimit: 1000, license: { fileName: "licenses.md" } },
  worker: { format: "es" },
  plugins: [offline()],
});
