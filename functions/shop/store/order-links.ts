import { randomBytes } from "node:crypto";
import { isPseudonym } from "../../../shared/discord/pseudonym.ts";
import type { Database } from "../../../shared/ports/database.ts";
import { orderDocument } from "../documents/order.ts";

/** 192 bits: nobody finds an order by trying keys. */
const KEY_BYTES = 24;

const readLink = orderDocument.part("buyerId", "pageKey");

export type OrderLinks = ReturnType<typeof createOrderLinks>;

/** The keys in the links to orders' pages. Each is stored with its order. */
export function createOrderLinks(database: Database) {
  return {
    /**
     * The key of an order's page, made at the first call; the same ever after. Undefined if there is no such order,
     * or its buyer was forgotten, which removes the key for good.
     */
    async keyOf(orderId: string): Promise<string | undefined> {
      const place = orderDocument.place(await database(), orderId);
      const made = randomBytes(KEY_BYTES).toString("base64url");
      const before = await orderDocument.changeUnlocked(place, readLink, (order) =>
        order.pageKey !== undefined || isForgotten(order) ? undefined : { pageKey: made },
      );
      return before && !isForgotten(before) ? (before.pageKey ?? made) : undefined;
    },

    /** The key of an order's page if it was made before. Only reads. */
    async knownKeyOf(orderId: string): Promise<string | undefined> {
      const order = readLink(await orderDocument.place(await database(), orderId).get());
      return isForgotten(order) ? undefined : order.pageKey;
    },

    /** The id of the order that a key opens; undefined if it opens none. */
    async find(key: string): Promise<string | undefined> {
      const orders = orderDocument.all(await database());
      const found = await orders.where("page_key", "==", key).limit(1).get();
      return found.docs[0]?.id;
    },
  };
}

function isForgotten({ buyerId = "" }: { readonly buyerId?: string | undefined }): boolean {
  return isPseudonym(buyerId);
}
