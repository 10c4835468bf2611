import { buildFunction, bundle } from "../tools/build.ts";

/** Bids decided in Firestore. */
export const IN_FIRESTORE = "bench-bid-in-firestore";
/** `discord-interactions` with a Redis client that sends the commands of one turn together. */
export const PIPELINED = "bench-bid-pipelined";

/** Bundles what is measured and what it is measured against, each the way it is deployed. */
export async function buildAuctionFunctions(): Promise<void> {
  await Promise.all([
    buildFunction("discord-interactions"),
    bundle(
      IN_FIRESTORE,
      `import { http } from "@google-cloud/functions-framework";
       import { createFirestoreBidding } from "./bench/auction-in-firestore.ts";
       http("${IN_FIRESTORE}", createFirestoreBidding(process.env));`,
    ),
    bundle(
      PIPELINED,
      `import { serve } from "./shared/runtime/serve.ts";
       import { pipelined } from "./bench/auction-pipelined.ts";
       import { manifest } from "./functions/manifest.ts";
       serve("${PIPELINED}", manifest["discord-interactions"], pipelined);`,
    ),
  ]);
}
