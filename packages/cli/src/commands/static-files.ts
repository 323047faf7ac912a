// Serves the files of one folder over HTTP: the folder is listed once, so no request can leave it.
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, sep } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".md": "text/plain; charset=utf-8",
};

/** The paths in a folder, with `/` as separator, and where each file lies. */
function listed(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(join(folder, sep).length).replaceAll(sep, "/"), path];
    }),
  );
}

/** Answers GET and HEAD. Files in `assets/` are named after their content, so browsers may keep them. */
export function staticFiles(folder: string): RequestListener {
  const files = listed(folder);
  return (request, response) => {
    const { method, url } = request;
    response.setHeader("X-Content-Type-Options", "nosniff");
    const answer = (status: number, text: string) => {
      response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(method === "HEAD" ? "" : text);
    };
    if (method !== "GET" && method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return answer(405, "expected GET or HEAD\n");
    }
    const name = nameOf(url ?? "/");
    const path = name === undefined ? undefined : files.get(name);
    if (path === undefined) return answer(404, "not found\n");
    const content = readFileSync(path);
    response.writeHead(200, {
      "Content-Type": types[extname(path)] ?? "application/octet-stream",
      "Content-Length": content.length,
      "Cache-Control": name!.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    });
    response.end(method === "HEAD" ? undefined : content);
  };
}

/** The requested file, or undefined for an address that is not valid. */
function nameOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname).slice(1);
    return path === "" ? "index.html" : path;
  } catch {
    return undefined;
  }
}

/** Listens on this machine only; port 0 is any free port. @throws the system's error, such as EADDRINUSE. */
export function listen(listener: RequestListener, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}
