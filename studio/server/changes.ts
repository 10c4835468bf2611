import { setInterval as every } from "node:timers/promises";
import type { RequestHandler } from "express";
import type { Panel } from "./panel.ts";

/** How soon a page sees a change, in real time. */
const LOOK_EVERY_MS = 100;

/**
 * Streams the panels' versions as lines of JSON: all at first, then those that changed. It looks
 * only while a page listens.
 */
export function streamChanges(panels: Readonly<Record<string, Panel>>): RequestHandler {
  return async (_request, response) => {
    response.type("application/x-ndjson").set("cache-control", "no-store");
    const closed = new AbortController();
    response.once("close", () => closed.abort());
    const sent = new Map<string, string | number>();
    const send = () => {
      const changed: Record<string, string | number> = {};
      for (const [name, { version }] of Object.entries(panels)) {
        const now = version?.();
        if (now === undefined || sent.get(name) === now) continue;
        sent.set(name, now);
        changed[name] = now;
      }
      if (Object.keys(changed).length > 0) response.write(`${JSON.stringify(changed)}\n`);
    };
    send();
    try {
      for await (const _ of every(LOOK_EVERY_MS, undefined, { signal: closed.signal })) send();
    } catch {
      // The page was closed.
    }
  };
}
