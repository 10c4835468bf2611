import type { Response } from "@google-cloud/functions-framework";
import { withinDeadline } from "../../../shared/web/deadline.ts";
import { type Caching, cacheControl } from "../../../shared/web/page.ts";
import { type AuctionDeps, type AuctionFacts, readFacts } from "./auction-facts.ts";
import { isOpen } from "./auction-phase.ts";

/** How long an auction may be cached: a running one is never more than two seconds old. */
export function auctionCaching({ phase }: Pick<AuctionFacts, "phase">): Caching {
  return isOpen(phase) || phase === "counting" ? "bidding" : "ended";
}

/** Sends an auction's facts as JSON, with the server's time, because a viewer's clock may be wrong. */
export async function sendFeed(id: string, response: Response, deps: AuctionDeps): Promise<void> {
  const found = await withinDeadline(readFacts(id, deps), deps);
  response.set({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
  if (!found) {
    response
      .status(404)
      .set("cache-control", cacheControl.stock)
      .json({ error: "There is no such auction." });
    return;
  }
  const caching = auctionCaching(found.facts);
  response.set("cache-control", cacheControl[caching]).json(found.facts);
}
