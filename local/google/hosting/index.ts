import express from "express";
import type { InProcessFetch } from "../../kit/http/in-process.ts";
import { type HttpService, type Place, serveAt } from "../../kit/http/listen.ts";
import {
  functionAt,
  headersAt,
  publicFolder,
  readConfiguration,
  redirectAt,
} from "./configuration.ts";
import { forward } from "./forward.ts";
import { forwardBy } from "./forward-by.ts";

/** Options of `startHosting`. */
export interface HostingOptions extends Place {
  /** "http://127.0.0.1:PORT"; append a function's name for its URL. */
  readonly functionsUrl: string;
  /** Calls the functions; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
}

/** https://firebase.google.com/docs/hosting/manage-cache */
const DEFAULT_CACHE_CONTROL = "max-age=3600";

/**
 * Starts a Firebase Hosting emulator for this project's firebase.json: redirects first, then static
 * files with their headers, then the rewrites. A function receives the full path and the unchanged body, and
 * of all cookies only `__session`. Nothing is cached: every request reaches its file or function.
 */
export async function startHosting(options: HostingOptions): Promise<HttpService> {
  const { functionsUrl, fetch } = options;
  const configuration = readConfiguration();
  const app = express();
  app.disable("x-powered-by");
  app.use((request, response, next) => {
    const redirect = redirectAt(configuration, request.path);
    if (redirect) response.redirect(redirect.type, redirect.destination);
    else next();
  });
  app.use(
    express.static(publicFolder(configuration), {
      cacheControl: false,
      redirect: false,
      setHeaders: (response) => {
        response.setHeader("cache-control", DEFAULT_CACHE_CONTROL);
        const path = new URL(response.req.url ?? "/", "http://hosting").pathname;
        for (const { key, value } of headersAt(configuration, path)) response.setHeader(key, value);
      },
    }),
  );
  app.use((request, response) => {
    const name = functionAt(configuration, request.path);
    if (name && fetch) forwardBy(fetch, request, response, `${functionsUrl}/${name}`);
    else if (name) forward(request, response, `${functionsUrl}/${name}`);
    else response.status(404).type("text").send("Page not found.\n");
  });
  return serveAt(options, app);
}
