import * as z from "zod/mini";
import {
  createDocument,
  parseDocument,
  stored,
  timestamp,
  unlessThere,
} from "../../../shared/documents/document.ts";
import type { Database, DocumentSnapshot, Firestore } from "../../../shared/ports/database.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { type Drop, MAX_STOCK, type StockLevel } from "../domain/drop.ts";

/** A drop before it is posted. */
export type NewDrop = Omit<Drop, "post" | "image" | "isClosed">;

/** What a builder may change of a drop. */
export type DropChange =
  | { readonly kind: "close" }
  | { readonly kind: "price"; readonly price: number }
  | { readonly kind: "restock"; readonly quantity: number };

/** A changed drop, or why it is as it was. */
export type DropChangeResult =
  | { readonly outcome: "changed"; readonly drop: Drop }
  | { readonly outcome: "not-found" }
  | { readonly outcome: "too-many"; readonly room: number };

/** A landing page and an autocomplete show fewer. */
const MAX_LISTED = 100;

const dropDocument = z.object({
  builder_id: z.string(),
  title: z.string(),
  description: stored(z.string()),
  price: z.int(),
  currency: z.string(),
  plan: z.enum(["split", "held"]),
  stock: z.int(),
  limit_per_buyer: z.int(),
  is_closed: z.boolean(),
  channel_id: stored(z.string()),
  message_id: stored(z.string()),
  has_image: stored(z.boolean()),
  image_url: stored(z.string()),
  image_url_at: stored(timestamp),
  created_at: timestamp,
  /** The commands that changed it, so that a repeat changes nothing. */
  applied_ids: stored(z.array(z.string())),
});

export type Drops = ReturnType<typeof createDrops>;

/**
 * The `inventory` collection: one document a drop, and below it one document a unit, so that many
 * buyers never write the same document.
 */
export function createDrops(database: Database) {
  const collection = async () => (await database()).collection("inventory");

  return {
    async get(id: string): Promise<Drop | undefined> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists ? toDrop(snapshot) : undefined;
    },

    /** Puts a drop and its units in; a repeat changes nothing. */
    async create(drop: NewDrop): Promise<void> {
      const firestore = await database();
      const batch = firestore.batch();
      createDocument(batch, firestore.collection("inventory").doc(drop.id), {
        builder_id: drop.builderId,
        title: drop.title,
        description: drop.description,
        price: drop.price,
        currency: drop.currency,
        plan: drop.plan,
        stock: drop.stock,
        limit_per_buyer: drop.limitPerBuyer,
        is_closed: false,
        has_image: drop.hasImage,
        created_at: drop.createdAt,
      });
      for (const unit of newUnits(firestore, drop.id, 1, drop.stock)) {
        createDocument(batch, unit.reference, unit.fields);
      }
      await unlessThere(batch.commit());
    },

    /** Remembers the message in the marketplace. The first stays. */
    async recordPost(id: string, post: NonNullable<Drop["post"]>): Promise<void> {
      const fields = { channel_id: post.channelId, message_id: post.messageId };
      await (await collection()).doc(id).update(fields);
    },

    /** Remembers where the post's picture is; the newest address stays. */
    async recordImage(id: string, url: string, now: Date): Promise<void> {
      await (await collection()).doc(id).update({ image_url: url, image_url_at: now });
    },

    /** How many units are free, reserved and sold. */
    async stockLevel(id: string): Promise<StockLevel> {
      const units = (await collection()).doc(id).collection("units");
      const count = async (state: string) =>
        (await units.where("state", "==", state).count().get()).data().count;
      const [free, reserved, sold] = await Promise.all([
        count("free"),
        count("reserved"),
        count("sold"),
      ]);
      return { free, reserved, sold };
    },

    /** A builder's drops, newest first, at most 100. */
    async ofBuilder(builderId: string): Promise<Drop[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readable);
    },

    /** The id of a builder's newest drop, closed or not. */
    async newestOf(builderId: string): Promise<string | undefined> {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      return (await theirs.orderBy("created_at", "desc").limit(1).get()).docs[0]?.id;
    },

    /** The newest 100 drops, closed ones too. */
    async recent(): Promise<Drop[]> {
      const drops = (await collection()).orderBy("created_at", "desc");
      return (await drops.limit(MAX_LISTED).get()).docs.flatMap(readable);
    },

    /** Drops that are not closed, newest first, at most 100. */
    async open(): Promise<Drop[]> {
      const found = await (await collection())
        .where("is_closed", "==", false)
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readable);
    },

    /** Whether a change of this drop was made under the id. */
    async hasApplied(id: string, changeId: string): Promise<boolean> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists && appliedIds(snapshot).includes(changeId);
    },

    /** Changes a builder's own drop once for each `changeId`; another's is `not-found`. */
    async change(
      id: string,
      builderId: string,
      change: DropChange,
      changeId: string,
    ): Promise<DropChangeResult> {
      const firestore = await database();
      const reference = firestore.collection("inventory").doc(id);
      return firestore.runTransaction(async (transaction): Promise<DropChangeResult> => {
        const snapshot = await transaction.get(reference);
        if (!snapshot.exists) return { outcome: "not-found" };
        const drop = toDrop(snapshot);
        if (drop.builderId !== builderId) return { outcome: "not-found" };
        const applied = appliedIds(snapshot);
        if (applied.includes(changeId)) return { outcome: "changed", drop };
        const applied_ids = [...applied, changeId];
        if (change.kind === "close") {
          transaction.update(reference, { is_closed: true, applied_ids });
          return { outcome: "changed", drop: { ...drop, isClosed: true } };
        }
        if (change.kind === "price") {
          transaction.update(reference, { price: change.price, applied_ids });
          return { outcome: "changed", drop: { ...drop, price: change.price } };
        }
        const stock = drop.stock + change.quantity;
        if (stock > MAX_STOCK) return { outcome: "too-many", room: MAX_STOCK - drop.stock };
        transaction.update(reference, { stock, is_closed: false, applied_ids });
        for (const unit of newUnits(firestore, id, drop.stock + 1, stock)) {
          createDocument(transaction, unit.reference, unit.fields);
        }
        return { outcome: "changed", drop: { ...drop, stock, isClosed: false } };
      });
    },
  };
}

function newUnits(firestore: Firestore, dropId: string, first: number, last: number) {
  const units = firestore.collection("inventory").doc(dropId).collection("units");
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const number = first + index;
    return { reference: units.doc(String(number)), fields: { number, state: "free" } };
  });
}

function appliedIds(snapshot: DocumentSnapshot): readonly string[] {
  return parseDocument(snapshot.ref.path, dropDocument, snapshot.data()).applied_ids ?? [];
}

function readable(snapshot: DocumentSnapshot): Drop[] {
  try {
    return [toDrop(snapshot)];
  } catch (error) {
    if (error instanceof TerminalError) return [];
    throw error;
  }
}

/** Reads a drop. Throws TerminalError naming the bad fields. */
export function toDrop(snapshot: DocumentSnapshot): Drop {
  const fields = parseDocument(snapshot.ref.path, dropDocument, snapshot.data());
  const { channel_id: channelId, message_id: messageId, image_url: url, image_url_at } = fields;
  return {
    id: snapshot.id,
    builderId: fields.builder_id,
    title: fields.title,
    description: fields.description ?? "",
    price: fields.price,
    currency: fields.currency,
    plan: fields.plan,
    stock: fields.stock,
    limitPerBuyer: fields.limit_per_buyer,
    isClosed: fields.is_closed,
    post: channelId && messageId ? { channelId, messageId } : undefined,
    hasImage: fields.has_image ?? false,
    image: url && image_url_at ? { url, readAt: image_url_at } : undefined,
    createdAt: fields.created_at,
  };
}
