import { type NewOf, unlessThere } from "../../../shared/documents/define-document.ts";
import type {
  Database,
  DocumentSnapshot,
  Firestore,
  Transaction,
  WriteBatch,
} from "../../../shared/ports/database.ts";
import { dropDocument } from "../documents/drop.ts";
import { dropUnitDocument } from "../documents/drop-unit.ts";
import { type Drop, type DropText, isHidden, MAX_STOCK, type StockLevel } from "../domain/drop.ts";
import { createDropTerms } from "./drop-terms.ts";

/** A drop before it is posted. */
export type NewDrop = Omit<
  NewOf<typeof dropDocument>,
  "post" | "image" | "event" | "isClosed" | "draftState" | "hasWaiting" | "appliedIds"
> & { readonly isDraft: boolean };

/** Pictures that replace those of a drop; `preview` keeps a draft's. */
export interface NewPictures {
  readonly count: number;
  readonly preview?: Drop["preview"];
}

/** A change that a builder may make to a drop. */
export type DropChange =
  | { readonly kind: "close" }
  | { readonly kind: "reopen" }
  | ({ readonly kind: "edit"; readonly pictures?: NewPictures } & DropText)
  | { readonly kind: "price"; readonly price: number }
  | { readonly kind: "limit"; readonly limitPerBuyer: number }
  | { readonly kind: "restock"; readonly quantity: number }
  /** When a draft is to open; undefined: not by itself. */
  | { readonly kind: "schedule"; readonly opensAt: Date | undefined }
  | { readonly kind: "discard" };

/** The changed drop, or why it did not change. */
export type DropChangeResult =
  | { readonly outcome: "changed"; readonly drop: Drop }
  | { readonly outcome: "not-found" | "never-posted" | "still-draft" | "no-draft" | "no-terms" }
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
  const newestOf = async (builderId: string) => {
    const theirs = (await collection()).where("builder_id", "==", builderId);
    const found = await theirs.orderBy("created_at", "desc").limit(MAX_LISTED).get();
    return found.docs.flatMap(readableDrop);
  };

  return {
    ...createDropTerms(database),

    async get(id: string): Promise<Drop | undefined> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists ? toDrop(snapshot) : undefined;
    },

    /** Creates a drop and its units. Idempotent. */
    async create({ isDraft, ...drop }: NewDrop): Promise<void> {
      const firestore = await database();
      const batch = firestore.batch();
      const place = dropDocument.place(firestore, drop.id);
      const draftState = isDraft ? "draft" : undefined;
      dropDocument.create(batch, place, { ...drop, isClosed: isDraft, draftState });
      makeUnits(firestore, batch, drop.id, { first: 1, last: drop.stock });
      await unlessThere(batch.commit());
    },

    /** Stores the drop's message in the marketplace, with which its opening ends. */
    async recordPost(id: string, post: NonNullable<Drop["post"]>): Promise<void> {
      const place = dropDocument.place(await database(), id);
      await dropDocument.updateNow(place, { post, draftState: undefined, opensAt: undefined });
    },

    /** Stores what is known of a drop's event in the server; undefined once there is none. */
    async recordEvent(id: string, event: Drop["event"]): Promise<void> {
      await dropDocument.updateNow(dropDocument.place(await database(), id), { event });
    },

    /**
     * Puts a draft that is due on sale, before it is posted, and returns it as it is then; one that is being opened
     * is returned again. Undefined when there is nothing to open: it is open, discarded, or due later.
     */
    async beginOpening(id: string, now: Date): Promise<Drop | undefined> {
      const firestore = await database();
      const place = dropDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const drop = snapshot.exists ? toDrop(snapshot) : undefined;
        if (!drop?.opensAt || drop.opensAt > now) return undefined;
        if (drop.draftState === "opening") return drop;
        if (drop.draftState !== "draft") return undefined;
        const opening = { draftState: "opening", isClosed: false } as const;
        dropDocument.update(transaction, place, opening);
        return { ...drop, ...opening };
      });
    },

    /**
     * Makes a drop that could not be opened at this time a draft again, which its builder opens. Nothing happens when
     * it is posted or discarded, or has another time since.
     */
    async backToDraft(id: string, opensAt: Date | undefined): Promise<void> {
      const place = dropDocument.place(await database(), id);
      await dropDocument.changeUnlocked(place, toDrop, (drop) => {
        const isSame = drop.opensAt?.getTime() === opensAt?.getTime();
        const isDue = drop.draftState === "draft" || drop.draftState === "opening";
        if (!isSame || !isDue) return undefined;
        return { draftState: "draft", isClosed: true, opensAt: undefined };
      });
    },

    /** Ids of drafts whose time to open came before `time` and that are not posted, at most 100. */
    async dueToOpen(time: Date): Promise<string[]> {
      const due = (await collection()).where("opens_at", "<=", time).limit(MAX_LISTED);
      return (await due.get()).docs.map(({ id }) => id);
    },

    /** Stores the URLs of the post's pictures, replacing the earlier ones. */
    async recordImage(id: string, image: NonNullable<Drop["image"]>): Promise<void> {
      await dropDocument.updateNow(dropDocument.place(await database(), id), { image });
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

    /** A builder's drops and drafts, newest first: of the newest 100, those that were not discarded. */
    async ofBuilder(builderId: string): Promise<Drop[]> {
      return (await newestOf(builderId)).filter(({ draftState }) => draftState !== "discarded");
    },

    /** The id of a builder's newest drop that others can see, closed or not. */
    async newestOf(builderId: string): Promise<string | undefined> {
      return (await newestOf(builderId)).find((drop) => !isHidden(drop))?.id;
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
        const refusal = refusalOf(change, drop);
        if (refusal) return { outcome: refusal };
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

/** Why a drop cannot be changed like this now; undefined when it can. */
function refusalOf({ kind }: DropChange, { draftState, isClosed, post, shipping }: Drop) {
  if (draftState === "discarded") return "not-found";
  const isDraft = draftState === "draft";
  if (kind === "schedule" || kind === "discard") return isDraft ? undefined : "no-draft";
  if (isDraft) return kind === "close" || kind === "reopen" ? "still-draft" : undefined;
  if (kind !== "reopen" && kind !== "restock") return undefined;
  if (isClosed && !post) return "never-posted";
  return shipping ? undefined : "no-terms";
}

/** What a change does to a drop's fields. */
function changesBy(change: DropChange, { stock, isClosed, draftState }: Drop): DropFields {
  switch (change.kind) {
    case "close":
      return { isClosed: true };
    case "reopen":
      return { isClosed: false };
    case "edit":
      return {
        title: change.title,
        description: change.description,
        ...(change.pictures && {
          hasImage: change.pictures.count > 0,
          imageCount: change.pictures.count,
          preview: change.pictures.preview,
          image: undefined,
        }),
      };
    case "price":
      return { price: change.price };
    case "limit":
      return { limitPerBuyer: change.limitPerBuyer };
    case "restock":
      return { stock: stock + change.quantity, isClosed: isClosed && draftState === "draft" };
    case "schedule":
      return { opensAt: change.opensAt };
    case "discard":
      return { draftState: "discarded", opensAt: undefined };
  }
}

type DropFields = Partial<
  Pick<
    Drop,
    | "isClosed"
    | "price"
    | "limitPerBuyer"
    | "stock"
    | "title"
    | "description"
    | "draftState"
    | "opensAt"
    | "hasImage"
    | "imageCount"
    | "preview"
    | "image"
  >
>;

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
