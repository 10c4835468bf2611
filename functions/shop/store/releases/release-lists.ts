import { idsBehind } from "../../../../shared/documents/ids-behind.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";

/** Unfinished releases: the transfer is decided, the order is proved, or the order needs no proof. */
export type UnfinishedRelease = "releasing" | "proved" | "split";

/** Held orders whose time is near are looked at in lots. */
const MAX_LISTED = 200;
/** Orders with held money, or money on its way. */
export function createReleaseLists(database: Database) {
  const collection = async () => orderDocument.all(await database());

  return {
    /** Orders whose held money goes back before `time` unless there is a proof. At most 200. */
    async endingBefore(time: Date): Promise<string[]> {
      const found = await (await collection())
        .where("hold", "in", ["held", "ended"])
        .where("hold_ends_at", "<=", time)
        .orderBy("hold_ends_at")
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(({ id }) => id);
    },

    /**
     * Ids of orders whose release is unfinished or could begin, because an event was lost or something delays it.
     * Ordered by id, after `after`, at most `limit`.
     */
    async unfinished(
      kind: UnfinishedRelease,
      after: string | undefined,
      limit: number,
    ): Promise<string[]> {
      const orders = await collection();
      const held = orders.where("hold", "==", "held");
      const ofKind = {
        releasing: () => orders.where("hold", "==", "releasing"),
        proved: () => held.where("fulfillment_status", "in", ["building", "shipped", "delivered"]),
        split: () => held.where("plan", "==", "split"),
      }[kind]();
      return idsBehind(ofKind, after, limit);
    },

    /** A builder's orders with held money, or money on its way. */
    async waitingOf(builderId: string): Promise<string[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .where("hold", "in", ["held", "releasing"])
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(({ id }) => id);
    },
  };
}
