import { buildEntry, buildFunction } from "../tools/build/build-function.ts";

/** Bids decided in Firestore. */
export const IN_FIRESTORE = "bench-bid-in-firestore";
/** `discord-interactions` with bids that travel otherwise; see `auction-transports.ts`. */
export const TRANSPORTS = ["alone", "pipelined"] as const;

/** Bundles what is measured and what it is measured against, each the way it is deployed. */
export async function buildAuctionFunctions(): Promise<void> {
  await Promise.all([
    buildFunction("discord-interactions"),
    buildEntry(
      IN_FIRESTORE,
      `import { http } from "@google-cloud/functions-framework";
       import { createFirestoreBidding } from "./bench/auction-in-firestore.ts";
       http("${IN_FIRESTORE}", createFirestoreBidding(process.env));`,
    ),
    ...TRANSPORTS.map((transport) =>
      buildEntry(
        nameOf(transport),
        `import { serve } from "./shared/runtime/serve.ts";
         import { ${transport} } from "./bench/auction-transports.ts";
         import { manifest } from "./functions/manifest.ts";
         serve("${nameOf(transport)}", manifest["discord-interactions"], ${transport});`,
      ),
    ),
  ]);
}

/** The function that is measured with a transport. */
export function nameOf(transport: (typeof TRANSPORTS)[number]): string {
  return `bench-bid-${transport}`;
}
