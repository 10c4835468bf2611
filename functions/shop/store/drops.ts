import { unlessThere } from "../../../shared/documents/define-document.ts";
import type {
  Database,
  DocumentSnapshot,
  Firestore,
  Transaction,
  WriteBatch,
} from "../../../shared/ports/database.ts";
import { dropDocument } from "../documents/drop.ts";
import { dropUnitDocument } from "../documents/drop-unit.ts";
import { type Drop, type DropText, MAX_STOCK, type StockLevel } from "../domain/drop.ts";

/** A drop before it is posted. */
export type NewDrop = Omit<Drop, "post" | "image" | "isClosed">;

/** A change that a builder may make to a drop. */
export type DropChange =
  | { readonly kind: "close" }
  | { readonly kind: "reopen" }
  | ({ readonly kind: "edit" } & DropText)
  | { readonly kind: "price"; readonly price: number }
  | { readonly kind: "restock"; readonly quantity: number };

/** The changed drop, or why it did not change. */
export type DropChangeResult =
  | { readonly outcome: "changed"; readonly drop: Drop }
  | { readonly outcome: "not-found" | "never-posted" }
  | { readonly outcome: "too-many"; readonly room: number };

/** A landing page and an autocomplete show fewer. */
const MAX_LISTED = 100;

const readApplied = dropDocument.part("appliedIds");

export type Drops = ReturnType<typeof createDrops>;

/**
 * The `inventory` collection: one document per drop, with one document per unit below it, so that concurrent buyers
 * do not contend for one document.
 */
export function createDrops(database: Database) {
  const collection = async () => dropDocument.all(await database());

  return {
    async get(id: string): Promise<Drop | undefined> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists ? toDrop(snapshot) : undefined;
    },

    /** Creates a drop and its units. Idempotent. */
    async create(drop: NewDrop): Promise<void> {
      const firestore = await database();
      const batch = firestore.batch();
      const place = dropDocument.place(firestore, drop.id);
      dropDocument.create(batch, place, { ...drop, isClosed: false });
      makeUnits(firestore, batch, drop.id, { first: 1, last: drop.stock });
      await unlessThere(batch.commit());
    },

    /** Stores the drop's message in the marketplace. */
    async recordPost(id: string, post: NonNullable<Drop["post"]>): Promise<void> {
      await dropDocument.updateNow(dropDocument.place(await database(), id), { post });
    },

    /** Stores the URL of the post's picture, replacing the earlier one. */
    async recordImage(id: string, url: string, now: Date): Promise<void> {
      const place = dropDocument.place(await database(), id);
      await dropDocument.updateNow(place, { image: { url, readAt: now } });
    },

    /** How many units are free, reserved and sold. */
    async stockLevel(id: string): Promise<StockLevel> {
      const units = dropUnitDocument.all(await database(), id);
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
      return found.docs.flatMap(readableDrop);
    },

    /** The id of a builder's newest drop, closed or not. */
    async newestOf(builderId: string): Promise<string | undefined> {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      return (await theirs.orderBy("created_at", "desc").limit(1).get()).docs[0]?.id;
    },

    /** The newest 100 drops, closed ones too. */
    async recent(): Promise<Drop[]> {
      const drops = (await collection()).orderBy("created_at", "desc");
      return (await drops.limit(MAX_LISTED).get()).docs.flatMap(readableDrop);
    },

    /** Drops that are not closed, newest first, at most 100. */
    async open(): Promise<Drop[]> {
      const found = await (await collection())
        .where("is_closed", "==", false)
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readableDrop);
    },

    /** Whether a change of this drop was made under the id. */
    async hasApplied(id: string, changeId: string): Promise<boolean> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists && (readApplied(snapshot).appliedIds ?? []).includes(changeId);
    },

    /** Changes a builder's own drop, once per `changeId`. Another builder's drop is `not-found`. */
    async change(
      id: string,
      builderId: string,
      change: DropChange,
      changeId: string,
    ): Promise<DropChangeResult> {
      const firestore = await database();
      const reference = dropDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction): Promise<DropChangeResult> => {
        const snapshot = await transaction.get(reference);
        if (!snapshot.exists) return { outcome: "not-found" };
        const drop = toDrop(snapshot);
        if (drop.builderId !== builderId) return { outcome: "not-found" };
        const applied = readApplied(snapshot).appliedIds ?? [];
        if (applied.includes(changeId)) return { outcome: "changed", drop };
        const putsOnSale = change.kind === "reopen" || change.kind === "restock";
        if (putsOnSale && drop.isClosed && !drop.post) return { outcome: "never-posted" };
        const changes = changesBy(change, drop);
        const stock = changes.stock ?? drop.stock;
        if (stock > MAX_STOCK) return { outcome: "too-many", room: MAX_STOCK - drop.stock };
        const appliedIds = [...applied, changeId];
        dropDocument.update(transaction, reference, { ...changes, appliedIds });
        makeUnits(firestore, transaction, id, { first: drop.stock + 1, last: stock });
        return { outcome: "changed", drop: { ...drop, ...changes } };
      });
    },
  };
}

/** What a change does to a drop's fields. */
function changesBy(
  change: DropChange,
  { stock }: Drop,
): Partial<Pick<Drop, "isClosed" | "price" | "stock" | "title" | "description">> {
  switch (change.kind) {
    case "close":
      return { isClosed: true };
    case "reopen":
      return { isClosed: false };
    case "edit":
      return { title: change.title, description: change.description };
    case "price":
      return { price: change.price };
    case "restock":
      return { stock: stock + change.quantity, isClosed: false };
  }
}

function makeUnits(
  firestore: Firestore,
  writer: WriteBatch | Transaction,
  dropId: string,
  { first, last }: { readonly first: number; readonly last: number },
): void {
  for (let number = first; number <= last; number += 1) {
    const place = dropUnitDocument.place(firestore, dropId, String(number));
    dropUnitDocument.create(writer, place, { number, state: "free" });
  }
}

/** Reads a drop. Throws TerminalError naming the bad fields. */
export function toDrop(snapshot: DocumentSnapshot): Drop {
  return dropDocument.read(snapshot);
}

/** The drop, or an empty list if its document is broken, so that it does not hide the others. */
function readableDrop(snapshot: DocumentSnapshot): Drop[] {
  return dropDocument.readable(snapshot);
}
