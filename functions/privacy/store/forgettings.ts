import * as z from "zod/mini";
import {
  createDocument,
  createdNow,
  parseDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import type {
  Database,
  DocumentReference,
  Timestamp,
  WriteResult,
} from "../../../shared/ports/database.ts";

/** Someone who is being forgotten. */
export interface Forgetting {
  readonly userId: string;
  /** What is put in their place; drawn once, and known nowhere else. */
  readonly pseudonym: string;
  /** The press that began it: answers go there. */
  readonly interactionId: string;
  readonly interactionToken: string;
  readonly twitchUserId: string | undefined;
  /** `resting`: it was done once, and is done once more for what was under way meanwhile. */
  readonly state: "working" | "resting";
  /** The last step that was done. */
  readonly cursor: string | undefined;
  readonly dueAt: Date;
  /** When it was due that failed for good, and has not come further since. */
  readonly failingSince: Date | undefined;
  /** When this was written: what has changed since is not changed by whoever has read this. */
  readonly updatedAt: Timestamp;
}

/** What a press begins. */
type NewForgetting = Pick<
  Forgetting,
  "userId" | "pseudonym" | "interactionId" | "interactionToken" | "twitchUserId" | "dueAt"
>;

const forgettingDocument = z.object({
  pseudonym: z.string(),
  interaction_id: z.string(),
  interaction_token: z.string(),
  twitch_user_id: stored(z.string()),
  state: z.enum(["working", "resting"]),
  cursor: stored(z.string()),
  due_at: timestamp,
  failing_since: stored(timestamp),
});

/** A sweep goes on with so many. */
const MAX_LISTED = 100;
/** gRPC statuses of a change to what is not as it was read: https://grpc.io/docs/guides/status-codes/ */
const CHANGED_CODES: ReadonlySet<unknown> = new Set([5, 9]);

export type Forgettings = ReturnType<typeof createForgettings>;

/**
 * The `forgettings` collection: who is being forgotten, by their Discord id, for as long as it takes;
 * and `forgotten`: that it was done for someone, on which day.
 *
 * Of two runs that read the same, one changes it: the other is given undefined, or false, and has
 * changed nothing.
 */
export function createForgettings(database: Database) {
  const collection = async () => (await database()).collection("forgettings");
  const place = async ({ userId }: Pick<Forgetting, "userId">) => (await collection()).doc(userId);

  const get = async (userId: string): Promise<Forgetting | undefined> => {
    const snapshot = await (await place({ userId })).get();
    if (!snapshot.exists || !snapshot.updateTime) return undefined;
    const fields = parseDocument(snapshot.ref.path, forgettingDocument, snapshot.data());
    return {
      ...{ userId, pseudonym: fields.pseudonym, twitchUserId: fields.twitch_user_id },
      ...{ interactionId: fields.interaction_id, interactionToken: fields.interaction_token },
      ...{ state: fields.state, cursor: fields.cursor, dueAt: fields.due_at },
      ...{ failingSince: fields.failing_since, updatedAt: snapshot.updateTime },
    };
  };

  /** Whoever comes further fails no more. */
  const moveOn = async (
    who: Forgetting,
    after: Partial<Pick<Forgetting, "cursor" | "dueAt" | "state" | "interactionToken">>,
    waitsFor?: readonly string[],
  ): Promise<Forgetting | undefined> => {
    const moved = { ...who, ...after, failingSince: undefined };
    const fields = {
      ...{ state: moved.state, cursor: moved.cursor ?? null, due_at: moved.dueAt },
      ...{ interaction_token: moved.interactionToken, failing_since: null },
      ...(waitsFor && { waits_for: [...waitsFor] }),
    };
    const written = await unlessChanged(await place(who), who, fields);
    return written && { ...moved, updatedAt: written.writeTime };
  };

  return {
    get,

    /** Begins, once: false when it is under way already. */
    async begin(forgetting: NewForgetting): Promise<boolean> {
      const { pseudonym, interactionId, interactionToken, dueAt } = forgetting;
      return createdNow(await place(forgetting), {
        ...{ pseudonym, interaction_id: interactionId, interaction_token: interactionToken },
        ...{ twitch_user_id: forgetting.twitchUserId ?? null, state: "working" },
        ...{ cursor: null, due_at: dueAt, failing_since: null },
      });
    },

    /** A step is done. */
    reached: (who: Forgetting, cursor: string) => moveOn(who, { cursor }),

    /** Goes on later, from its first step; `waitsFor` is for operators to look at. */
    postpone: (who: Forgetting, dueAt: Date, waitsFor: readonly string[]) =>
      moveOn(who, { dueAt, cursor: undefined }, waitsFor),

    /** It was done once, and told; it is to be done once more. */
    rest: (who: Forgetting, dueAt: Date) =>
      moveOn(who, { state: "resting", dueAt, cursor: undefined, interactionToken: "" }),

    /** It cannot go on from where it is, and is tried again later. */
    async failed(who: Forgetting, again: Date): Promise<void> {
      const fields = { failing_since: who.failingSince ?? who.dueAt, due_at: again };
      await unlessChanged(await place(who), who, fields);
    },

    /** Deletes the last that names them, and notes that it was done: once, by whoever is first. */
    async end(who: Forgetting, now: Date): Promise<boolean> {
      const firestore = await database();
      const last = await place(who);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(last);
        if (!snapshot.exists) return true;
        if (!snapshot.updateTime?.isEqual(who.updatedAt)) return false;
        transaction.delete(last);
        const day = now.toISOString().slice(0, 10);
        createDocument(transaction, firestore.collection("forgotten").doc(), { done_on: day });
        return true;
      });
    },

    /** Who is to be gone on with by now, some; whoever was due first comes first. */
    async due(now: Date): Promise<string[]> {
      const found = await (await collection()).where("due_at", "<=", now).limit(MAX_LISTED).get();
      return found.docs.map(({ id }) => id);
    },
  };
}

/** Changes what is as it was read; undefined when it has changed since, or is gone. */
async function unlessChanged(
  place: DocumentReference,
  { updatedAt }: Pick<Forgetting, "updatedAt">,
  fields: object,
): Promise<WriteResult | undefined> {
  try {
    return await place.update({ ...fields }, { lastUpdateTime: updatedAt });
  } catch (error) {
    if (CHANGED_CODES.has((error as { code?: unknown }).code)) return undefined;
    throw error;
  }
}
