import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import { createdNow, parseDocument, stored, timestamp } from "./document.ts";

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
}

const forgettingDocument = z.object({
  pseudonym: z.string(),
  interaction_id: z.string(),
  interaction_token: z.string(),
  twitch_user_id: stored(z.string()),
  state: z.enum(["working", "resting"]),
  cursor: stored(z.string()),
  due_at: timestamp,
});

/** A sweep goes on with so many. */
const MAX_LISTED = 100;

export type Forgettings = ReturnType<typeof createForgettings>;

/**
 * The `forgettings` collection: who is being forgotten, by their Discord id, for as long as it takes;
 * and `forgotten`: that it was done for someone, on which day.
 */
export function createForgettings(database: Database) {
  const collection = async () => (await database()).collection("forgettings");

  const get = async (userId: string): Promise<Forgetting | undefined> => {
    const place = (await collection()).doc(userId);
    const snapshot = await place.get();
    if (!snapshot.exists) return undefined;
    const fields = parseDocument(place.path, forgettingDocument, snapshot.data());
    return {
      ...{ userId, pseudonym: fields.pseudonym, twitchUserId: fields.twitch_user_id },
      ...{ interactionId: fields.interaction_id, interactionToken: fields.interaction_token },
      ...{ state: fields.state, cursor: fields.cursor, dueAt: fields.due_at },
    };
  };

  return {
    get,

    /** Begins, once: false when it is under way already. */
    async begin(forgetting: Omit<Forgetting, "state" | "cursor">): Promise<boolean> {
      const { userId, pseudonym, interactionId, interactionToken, dueAt } = forgetting;
      const place = (await collection()).doc(userId);
      return createdNow(
        place.create({
          ...{ pseudonym, interaction_id: interactionId, interaction_token: interactionToken },
          ...{ twitch_user_id: forgetting.twitchUserId ?? null, state: "working" },
          ...{ cursor: null, due_at: dueAt },
        }),
      );
    },

    /** A step is done; done again it changes nothing. */
    async reached(userId: string, cursor: string): Promise<void> {
      await (await collection()).doc(userId).update({ cursor });
    },

    /** Goes on later, from its first step; `waitsFor` is for operators to look at. */
    async postpone(userId: string, dueAt: Date, waitsFor: readonly string[]): Promise<void> {
      const fields = { due_at: dueAt, cursor: null, waits_for: [...waitsFor] };
      await (await collection()).doc(userId).update(fields);
    },

    /** It was done once, and told; it is to be done once more. */
    async rest(userId: string, dueAt: Date): Promise<void> {
      const fields = { state: "resting", due_at: dueAt, cursor: null, interaction_token: "" };
      await (await collection()).doc(userId).update(fields);
    },

    /** Deletes the last that names them, and notes that it was done: once, by whoever is first. */
    async end({ userId }: Forgetting, now: Date): Promise<void> {
      const firestore = await database();
      const place = firestore.collection("forgettings").doc(userId);
      await firestore.runTransaction(async (transaction) => {
        if (!(await transaction.get(place)).exists) return;
        transaction.delete(place);
        const day = now.toISOString().slice(0, 10);
        transaction.create(firestore.collection("forgotten").doc(), { done_on: day });
      });
    },

    /** Who is to be gone on with by now, some; the first by their ids. */
    async due(now: Date): Promise<string[]> {
      const found = await (await collection()).where("due_at", "<=", now).limit(MAX_LISTED).get();
      return found.docs.map(({ id }) => id);
    },
  };
}
