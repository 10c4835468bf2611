import type { Response } from "@google-cloud/functions-framework";
import { withinDeadline } from "../../../shared/web/deadline.ts";
import { cacheControl } from "../../../shared/web/page.ts";
import { potCaching, type RaceDeps, readPot } from "./race-facts.ts";

/** A key that is not in use, or no longer, never shows anything again: nobody needs to ask for it once more. */
const GONE = { state: "gone", askAgainMs: null };

/** A pot as JSON, and when to ask for it again. */
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
