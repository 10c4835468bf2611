import type { Database } from "../../../../shared/ports/database.ts";
import { payoutDocument } from "../../documents/payout.ts";
import type { Payout } from "../../domain/payout.ts";
import { toPayout } from "./payout-document.ts";

/** The most payouts a sweep lists of each kind. */
const MAX_LISTED = 200;

/** Queries that list payouts. */
export function payoutLists(database: Database) {
  return {
    /** The sum paid to someone since `time` in a currency, including payouts in progress. */
    async paidSince(racerId: string, currency: string, time: Date): Promise<number> {
      const found = await payoutDocument
        .all(await database())
        .where("racer_id", "==", racerId)
        .where("created_at", ">=", time)
        .get();
      return found.docs
        .map(toPayout)
        .filter((payout) => payout.state !== "returned" && payout.currency === currency)
        .reduce((sum, { amount }) => sum + amount, 0);
    },

    /** The transfer ids of payouts created since `time`, by payout id. */
    async transfersSince(time: Date): Promise<ReadonlyMap<string, string>> {
      const found = await payoutDocument
        .all(await database())
        .where("created_at", ">=", time)
        .get();
      return new Map(
        found.docs.flatMap((payout) => {
          const transferId: unknown = payout.get("transfer_id");
          return typeof transferId === "string" ? [[payout.id, transferId] as const] : [];
        }),
      );
    },

    /**
     * Payouts that were created by `time` and are still open, and payouts whose outcome is not reported yet. At
     * most 200 of each.
     */
    async unfinished(time: Date): Promise<Payout[]> {
      const payouts = payoutDocument.all(await database());
      const [open, unreported] = await Promise.all([
        payouts
          .where("state", "==", "open")
          .where("created_at", "<=", time)
          .limit(MAX_LISTED)
          .get(),
        payouts.where("is_report_due", "==", true).limit(MAX_LISTED).get(),
      ]);
      const found = new Map([...open.docs, ...unreported.docs].map((each) => [each.id, each]));
      return [...found.values()].map(toPayout);
    },
  };
}
