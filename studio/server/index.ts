import { randomBytes } from "node:crypto";
import express, { type ErrorRequestHandler, type Router } from "express";
import * as z from "zod/mini";
import { type Asset, openAssets } from "./assets.ts";
import { streamChanges } from "./changes.ts";
import type { StudioHost } from "./host.ts";
import type { Call, Panel } from "./panel.ts";
import { createPanels } from "./panels/index.ts";
import { requireToken } from "./token.ts";

/**
 * The page may load only its own files, and frames and pictures of this machine's services.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: http://127.0.0.1:*",
  "frame-src http://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** The studio's routes, and the token that its page needs. */
export interface Studio {
  /** Serves the page at `/`, its files below `/assets`, and its calls below `/api`. */
  readonly router: Router;
  /** The token of this start, which travels in the fragment of the studio's link. */
  readonly token: string;
  stop(): Promise<void>;
}

/** Opens the studio of a running local cloud. */
export async function openStudio(host: StudioHost): Promise<Studio> {
  const assets = await openAssets();
  const token = randomBytes(18).toString("base64url");
  const panels: Readonly<Record<string, Panel>> = createPanels(host);

  const api = express.Router();
  api.use(requireToken(token), express.json({ limit: "20mb" }));
  api.get("/changes", streamChanges(panels));
  api.post("/:panel/:call", async (request, response) => {
    const call = findCall(panels, request.params);
    if (!call) {
      response.status(404).json({ error: "There is no such call." });
      return;
    }
    const parsed = z.safeParse(call.input, request.body ?? {});
    if (!parsed.success) {
      response.status(400).json({ error: z.prettifyError(parsed.error) });
      return;
    }
    response.set("cache-control", "no-store").json((await call.run(parsed.data)) ?? null);
  });
  api.use(toText);

  const router = express.Router();
  router.use("/api", api);
  router.get("/assets/:name", async (request, response) => {
    const asset: Asset | undefined = await assets.asset(request.params.name);
    if (!asset) {
      response.status(404).end();
      return;
    }
    response.set("x-content-type-options", "nosniff");
    response.set("cache-control", "no-store").type(asset.type);
    response.send(Buffer.from(asset.bytes));
  });
  router.get("/{*place}", async (_request, response) => {
    response.set({ "content-security-policy": POLICY, "cache-control": "no-store" });
    response.set({ "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" });
    response.type("html").send(await assets.page());
  });
  const stop = async () => {
    await assets.stop();
    await Promise.all(Object.values(panels).map((panel) => panel.stop?.()));
  };
  return { router, token, stop };
}

function findCall(
  panels: Readonly<Record<string, Panel>>,
  { panel, call }: { readonly panel: string; readonly call: string },
): Call | undefined {
  if (!Object.hasOwn(panels, panel)) return undefined;
  const calls = panels[panel]?.calls ?? {};
  return Object.hasOwn(calls, call) ? calls[call] : undefined;
}

/** An action that is not possible is shown on the page with its reason. */
const toText: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(400).json({ error: String(error?.message ?? error) });
};
