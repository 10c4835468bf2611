import { buildEntry, buildFunction } from "../../tools/build/build-function.ts";

/** The function that decides bids in Firestore. */
export const IN_FIRESTORE = "bench-bid-in-firestore";
/**
 * Variants of `discord-interactions` that send bids to Redis differently; see
 * `transports.ts`.
 */
export const TRANSPORTS = ["alone", "pipelined"] as const;

/** Bundles the measured functions and those they are compared with, as for deployment. */
export async function buildAuctionFunctions(): Promise<void> {
  await Promise.all([
    buildFunction("discord-interactions"),
    buildEntry(
      IN_FIRESTORE,
      `import { http } from "@google-cloud/functions-framework";
       import { createFirestoreBidding } from "./bench/auction/in-firestore.ts";
       http("${IN_FIRESTORE}", createFirestoreBidding(process.env));`,
    ),
    ...TRANSPORTS.map((transport) =>
      buildEntry(
        nameOf(transport),
        `import { serve } from "./shared/runtime/function/serve.ts";
         import { ${transport} } from "./bench/auction/transports.ts";
         import { manifest } from "./functions/manifest.ts";
         serve("${nameOf(transport)}", manifest["discord-interactions"], ${transport});`,
      ),
    ),
  ]);
}

/** The name of the function with this transport. */
export function nameOf(transport: (typeof TRANSPORTS)[number]): string {
  return `bench-bid-${transport}`;
}
