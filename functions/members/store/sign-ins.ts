import { createHash } from "node:crypto";
import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { signInDocument } from "../documents/sign-in.ts";
import { MAX_CODE_ATTEMPTS, SIGN_IN_MS, type SignInState } from "../domain/sign-in.ts";
import type { TwitchChannel } from "./builders.ts";

/** A Discord user's sign-in with Twitch. */
export interface SignIn extends SignInState {
  /** Their Discord username, as the page shows it. */
  readonly accountName: string | undefined;
  readonly expiresAt: Date;
  /** The channel they signed in with; undefined until they have. */
  readonly channel: TwitchChannel | undefined;
}

/** The channel whose owner entered the code that only they were shown, or why there is none. */
export type CodeCheck =
  | { readonly outcome: "right"; readonly channel: TwitchChannel }
  | { readonly outcome: "none" | "not-signed-in" | "wrong" | "too-many" };

export type SignIns = ReturnType<typeof createSignIns>;

/**
 * The `sign_ins` collection. The document id is the Discord user id, so only a user's newest link is valid. The
 * database deletes expired documents.
 */
export function createSignIns(database: Database) {
  const reference = async (userId: string) => signInDocument.place(await database(), userId);

  return {
    /**
     * Begins a sign-in under a command's id. A repeated command, or one older than the current sign-in, gets the
     * current sign-in.
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

    /** The sign-in that a link belongs to; undefined if it has expired, was replaced or never existed. */
    async find({ userId, nonce }: SignInState, now: Date): Promise<SignIn | undefined> {
      const snapshot = await (await reference(userId)).get();
      const signIn = snapshot.exists ? read(snapshot).signIn : undefined;
      return signIn?.nonce === nonce && now < signIn.expiresAt ? signIn : undefined;
    },

    /**
     * Stores the channel and the hash of the code that its owner is shown. False if the link was used before, was
     * replaced or has expired.
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
     * Checks whether a code is the one this user's sign-in showed. Wrong codes are counted once per interaction,
     * regardless of redeliveries.
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

    /** Deletes the sign-in that served the command with this id; one begun by that command or later stays. */
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
