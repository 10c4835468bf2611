import type { ChangesOf, DocumentOf } from "../../../shared/documents/define-document.ts";
import type {
  Database,
  DocumentReference,
  Timestamp,
  WriteResult,
} from "../../../shared/ports/database.ts";

import { forgettingDocument } from "../documents/forgetting.ts";
import { forgottenDocument } from "../documents/forgotten.ts";

/** Someone who is being forgotten. */
export interface Forgetting extends Omit<DocumentOf<typeof forgettingDocument>, "id"> {
  readonly userId: string;
  /** When this was written: a writer that read an older state changes nothing. */
  readonly updatedAt: Timestamp;
}

/** What a press begins. */
type NewForgetting = Pick<
  Forgetting,
  "userId" | "pseudonym" | "interactionId" | "interactionToken" | "twitchUserId" | "dueAt"
>;

/** The number of forgettings that one sweep continues. */
const MAX_LISTED = 100;
/** gRPC statuses of a write whose precondition failed: https://grpc.io/docs/guides/status-codes/ */
const CHANGED_CODES: ReadonlySet<unknown> = new Set([5, 9]);

export type Forgettings = ReturnType<typeof createForgettings>;

/**
 * The `forgettings` collection: who is being forgotten, by Discord id, until it is done; and `forgotten`: the days
 * on which someone was forgotten.
 *
 * Writes use optimistic locking: of two runs that read the same state, one writes; the other changes nothing and
 * gets undefined or false.
 */
export function createForgettings(database: Database) {
  const place = async ({ userId }: Pick<Forgetting, "userId">) =>
    forgettingDocument.place(await database(), userId);

  const get = async (userId: string): Promise<Forgetting | undefined> => {
    const snapshot = await (await place({ userId })).get();
    if (!snapshot.exists || !snapshot.updateTime) return undefined;
    const { id: _, ...forgetting } = forgettingDocument.read(snapshot);
    return { userId, ...forgetting, updatedAt: snapshot.updateTime };
  };

  /** Progress clears the failures. */
  const moveOn = async (
    who: Forgetting,
    after: Partial<Pick<Forgetting, "cursor" | "dueAt" | "state" | "interactionToken">>,
    waitsFor?: readonly string[],
  ): Promise<Forgetting | undefined> => {
    const moved = { ...who, ...after, failingSince: undefined };
    const { state, cursor, dueAt, interactionToken, failingSince } = moved;
    const changes = { state, cursor, dueAt, interactionToken, failingSince };
    const waiting = waitsFor && { waitsFor };
    const written = await unlessChanged(await place(who), who, { ...changes, ...waiting });
    return written && { ...moved, updatedAt: written.writeTime };
  };

  return {
    get,

    /** Begins, once: false when it is under way already. */
    async begin(forgetting: NewForgetting): Promise<boolean> {
      const { userId: _, ...fields } = forgetting;
      return forgettingDocument.createNow(await place(forgetting), {
        ...fields,
        state: "working",
        cursor: undefined,
        failingSince: undefined,
      });
    },

    /** A step is done. */
    reached: (who: Forgetting, cursor: string) => moveOn(who, { cursor }),

    /** Postpones the forgetting and restarts it at its first step; `waitsFor` is for operators. */
    postpone: (who: Forgetting, dueAt: Date, waitsFor: readonly string[]) =>
      moveOn(who, { dueAt, cursor: undefined }, waitsFor),

    /** Ends the first pass, after the user was notified; the second pass is due at `dueAt`. */
    rest: (who: Forgetting, dueAt: Date) =>
      moveOn(who, { state: "resting", dueAt, cursor: undefined, interactionToken: "" }),

    /** Records that a run failed permanently, and when to try again. */
    async failed(who: Forgetting, again: Date): Promise<void> {
      const changes = { failingSince: who.failingSince ?? who.dueAt, dueAt: again };
      await unlessChanged(await place(who), who, changes);
    },

    /**
     * Deletes the last document that names the user and records that it was done, once. Returns false if the state
     * has changed since it was read.
     */
    async end(who: Forgetting, now: Date): Promise<boolean> {
      const firestore = await database();
      const last = await place(who);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(last);
        if (!snapshot.exists) return true;
        if (!snapshot.updateTime?.isEqual(who.updatedAt)) return false;
        transaction.delete(last);
        const doneOn = now.toISOString().slice(0, 10);
        const note = forgottenDocument.all(firestore).doc();
        forgottenDocument.create(transaction, note, { doneOn });
        return true;
      });
    },

    /** Up to 100 forgettings that are due. */
    async due(now: Date): Promise<string[]> {
      const all = forgettingDocument.all(await database());
      const found = await all.where("due_at", "<=", now).limit(MAX_LISTED).get();
      return found.docs.map(({ id }) => id);
    },
  };
}

/** Writes the changes if the document is unchanged since it was read; otherwise returns undefined. */
async function unlessChanged(
  place: DocumentReference,
  { updatedAt }: Pick<Forgetting, "updatedAt">,
  changes: ChangesOf<typeof forgettingDocument>,
): Promise<WriteResult | undefined> {
  try {
    return await forgettingDocument.updateNow(place, changes, { lastUpdateTime: updatedAt });
  } catch (error) {
    if (CHANGED_CODES.has((error as { code?: unknown }).code)) return undefined;
    throw error;
  }
}
