import type { Response } from "@google-cloud/functions-framework";
import { withinDeadline } from "./deadline.ts";
import { cacheControl } from "./page.ts";
import { type RaceDeps, readPot } from "./race-facts.ts";

/** A pot as JSON. Of a key that is not, or no longer, in use it says that it is gone. */
export async function sendPot(key: string, response: Response, deps: RaceDeps): Promise<void> {
  const facts = await withinDeadline(readPot(key, deps), deps);
  response
    .status(facts ? 200 : 404)
    .set({
      "cache-control": cacheControl.pot,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    })
    .json(facts ?? { state: "gone" });
}
