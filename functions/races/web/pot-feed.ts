import type { Response } from "@google-cloud/functions-framework";
import { withinDeadline } from "../../../shared/web/deadline.ts";
import { cacheControl } from "../../../shared/web/page.ts";
import { potCaching, type RaceDeps, readPot } from "./race-facts.ts";

/** The answer for an unknown or replaced key. It never works again, so scripts stop asking. */
const GONE = { state: "gone", askAgainMs: null };

/** Sends a pot as JSON, with the time until the next request. */
export async function sendPot(key: string, response: Response, deps: RaceDeps): Promise<void> {
  const facts = await withinDeadline(readPot(key, deps), deps);
  response
    .status(facts ? 200 : 404)
    .set({
      "cache-control": cacheControl[facts ? potCaching(facts.state) : "ended"],
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    })
    .json(facts ?? GONE);
}
