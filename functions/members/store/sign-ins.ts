import { createHash } from "node:crypto";
import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { signInDocument } from "../documents/sign-in.ts";
import { MAX_CODE_ATTEMPTS, SIGN_IN_MS, type SignInState } from "../domain/sign-in.ts";
import type { TwitchChannel } from "./builders.ts";

/** A Discord user's way to Twitch and back. */
export interface SignIn extends SignInState {
  /** Their Discord username, as the page shows it. */
  readonly accountName: string | undefined;
  readonly expiresAt: Date;
  /** Whose channel it is, once they have signed in. */
  readonly channel: TwitchChannel | undefined;
}

/** A channel whose owner gave the code that only they were shown, or why there is none. */
export type CodeCheck =
  | { readonly outcome: "right"; readonly channel: TwitchChannel }
  | { readonly outcome: "none" | "not-signed-in" | "wrong" | "too-many" };

export type SignIns = ReturnType<typeof createSignIns>;

/**
 * The `sign_ins` collection: document id = Discord user id, so that of someone's links the newest
 * alone is good. What is over is deleted by the database.
 */
export function createSignIns(database: Database) {
  const reference = async (userId: string) => signInDocument.place(await database(), userId);

  return {
    /**
     * Begins a sign-in under a command's id; a repeat gives the same. A command that is older than the
     * sign-in that runs gives that one.
     */
    async begin(
      { userId, nonce }: SignInState,
      {
        interactionId,
        accountName,
        now,
      }: {
        readonly interactionId: string;
        readonly accountName: string | undefined;
        readonly now: Date;
      },
    ): Promise<SignIn> {
      const firestore = await database();
      const place = signInDocument.place(firestore, userId);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const known = snapshot.exists ? read(snapshot) : undefined;
        if (known && BigInt(known.fields.interactionId) >= BigInt(interactionId)) {
          return known.signIn;
        }
        const expiresAt = new Date(now.getTime() + SIGN_IN_MS);
        signInDocument.set(transaction, place, {
          nonce,
          interactionId,
          accountName,
          expiresAt,
          channel: undefined,
          codeHash: undefined,
          wrongCodeIds: [],
        });
        return { userId, nonce, accountName, expiresAt, channel: undefined };
      });
    },

    /** The sign-in that a link belongs to; undefined once it is over, replaced, or was none. */
    async find({ userId, nonce }: SignInState, now: Date): Promise<SignIn | undefined> {
      const snapshot = await (await reference(userId)).get();
      const signIn = snapshot.exists ? read(snapshot).signIn : undefined;
      return signIn?.nonce === nonce && now < signIn.expiresAt ? signIn : undefined;
    },

    /**
     * Keeps whose channel it is and the code its owner is shown. False when the link was used before,
     * or is over.
     */
    async recordChannel(
      { userId, nonce }: SignInState,
      {
        channel,
        code,
        now,
      }: {
        readonly channel: TwitchChannel;
        readonly code: string;
        readonly now: Date;
      },
    ): Promise<boolean> {
      const firestore = await database();
      const place = signInDocument.place(firestore, userId);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        const signIn = snapshot.exists ? read(snapshot).signIn : undefined;
        if (signIn?.nonce !== nonce || signIn.channel || signIn.expiresAt <= now) return false;
        const { userId: channelId, login, displayName } = channel;
        signInDocument.update(transaction, place, {
          channel: { userId: channelId, login, displayName },
          codeHash: hashOf(userId, code),
        });
        return true;
      });
    },

    /**
     * Whether a code is the one that this user's sign-in showed. Wrong ones are counted, each once by the
     * interaction that gave it, however often that is delivered.
     */
    async checkCode(
      {
        userId,
        code,
        interactionId,
      }: { readonly userId: string; readonly code: string; readonly interactionId: string },
      now: Date,
    ): Promise<CodeCheck> {
      const firestore = await database();
      const place = signInDocument.place(firestore, userId);
      return firestore.runTransaction(async (transaction): Promise<CodeCheck> => {
        const snapshot = await transaction.get(place);
        if (!snapshot.exists) return { outcome: "none" };
        const { fields, signIn } = read(snapshot);
        if (signIn.expiresAt <= now) return { outcome: "none" };
        if (!signIn.channel) return { outcome: "not-signed-in" };
        const { wrongCodeIds: wrong } = fields;
        if (wrong.includes(interactionId)) return { outcome: "wrong" };
        if (wrong.length >= MAX_CODE_ATTEMPTS) return { outcome: "too-many" };
        if (fields.codeHash === hashOf(userId, code)) {
          return { outcome: "right", channel: signIn.channel };
        }
        const wrongCodeIds = [...wrong, interactionId];
        signInDocument.update(transaction, place, { wrongCodeIds });
        return { outcome: "wrong" };
      });
    },

    /** A sign-in has served the command with this id; one that was begun after it goes on. */
    async end(userId: string, interactionId: string): Promise<void> {
      const firestore = await database();
      const place = signInDocument.place(firestore, userId);
      await firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        if (!snapshot.exists) return;
        const { fields } = read(snapshot);
        if (BigInt(fields.interactionId) < BigInt(interactionId)) transaction.delete(place);
      });
    },
  };
}

function hashOf(userId: string, code: string): string {
  return createHash("sha256").update(`${userId}\n${code}`).digest("base64url");
}

function read(snapshot: DocumentSnapshot) {
  const fields = signInDocument.read(snapshot);
  const { id: userId, nonce, accountName, expiresAt, channel } = fields;
  const signIn: SignIn = { userId, nonce, accountName, expiresAt, channel };
  return { fields, signIn };
}
