import * as z from "zod/mini";
import { copyDocument, parseDocument, timestamp } from "../../../shared/documents/document.ts";
import { deleteEach, eachDocument, mentions } from "../../../shared/documents/rename.ts";
import type {
  Database,
  DocumentReference,
  Firestore,
  QueryDocumentSnapshot,
} from "../../../shared/ports/database.ts";
import { COUNTED_MS } from "../../auctions/domain/auction.ts";
import { createBiddingBars } from "../../auctions/store/bidding-bars.ts";
import { deleteClaims } from "../../going-live/store/announcement-claims.ts";
import { type BuilderDigests, keepDecision } from "../../members/store/standing-tombstones.ts";
import type { OpenObligation } from "../domain/open-obligation.ts";
import { forgetPersonDue } from "../events/forget-person-due.ts";

/** What a record of a message to someone has in the place of their channel. */
const NO_CHANNEL = "forgotten";
const winDocument = z.object({ at: timestamp, is_lifted: z.boolean() });
/** What is read of a dead letter; those from before there were states are open. */
const deadLetterDocument = z.object({
  function_name: z.string(),
  state: z._default(z.string(), "open"),
});

/** Under which it is noted that operators were told of someone's open obligations on a day, as in "2026-11-21". */
export function refusalKey(userId: string, day: string): string {
  return `${refusalsOf(userId)}${day}`;
}

/** What is kept of a person alone: what they are to us, what they sell, and what we have noted of them. */
export function createPersonTraces(database: Database) {
  return {
    /**
     * Drops on sale, a suspension, a bar from bidding and unpaid wins that still count towards one, and dead letters that
     * wait for the operators: whatever those are about, it is not over.
     */
    async open(userId: string, now: Date): Promise<OpenObligation[]> {
      const firestore = await database();
      const found: OpenObligation[] = [];
      for await (const drop of eachDocument(dropsOf(firestore, userId))) {
        if (drop.get("is_closed") === true) continue;
        found.push({ kind: "drop", name: String(drop.get("title")) });
      }
      const user = firestore.collection("users").doc(userId);
      const bar = await createBiddingBars(database).get(userId, now);
      if (bar) found.push({ kind: "barred", name: "auctions", until: bar.until });
      found.push(...(await countedWins(user, now)));
      const builder = await firestore.collection("builders").doc(userId).get();
      if (builder.get("standing") === "suspended") {
        found.push({ kind: "suspended", name: "builders" });
      }
      for await (const deadLetter of deadLettersNaming(firestore, userId)) {
        if (waitsForOperators(deadLetter)) found.push({ kind: "dead-letter", name: deadLetter.id });
      }
      return found;
    },

    /** Puts a pseudonym in the place of a builder in what they sold, without their words; gives the drops. */
    async renameDrops(userId: string, pseudonym: string): Promise<string[]> {
      const firestore = await database();
      const ids: string[] = [];
      for await (const { ref, id } of eachDocument(dropsOf(firestore, userId))) {
        const words = { description: null, has_image: false, image_url: null, image_url_at: null };
        await ref.update({ builder_id: pseudonym, is_closed: true, ...words });
        ids.push(id);
      }
      return ids;
    },

    /**
     * Deletes what is kept of someone as a user, a racer and a builder; settled debts, and what they decided
     * about others as staff, keep a pseudonym. What staff decided against a builder outlives them, under
     * `digestsOf` them and their channel; it is kept in the commit that deletes the builder.
     */
    async deleteProfiles(
      { userId, pseudonym }: { readonly userId: string; readonly pseudonym: string },
      digestsOf: (twitchUserId: string | undefined) => BuilderDigests,
      now: Date,
    ): Promise<void> {
      const firestore = await database();
      const user = firestore.collection("users").doc(userId);
      await deleteEach(firestore, user.collection("unpaid_wins"));
      await user.delete();
      await firestore.collection("wallets").doc(userId).delete();
      const builders = firestore.collection("builders");
      for await (const debt of eachDocument(builders.doc(userId).collection("debts"))) {
        const batch = firestore.batch();
        copyDocument(batch, debt, builders.doc(pseudonym).collection("debts").doc(debt.id));
        batch.delete(debt.ref);
        await batch.commit();
      }
      await deleteEach(firestore, builders.doc(userId).collection("standings"));
      const place = builders.doc(userId);
      await firestore.runTransaction(async (transaction) => {
        const builder = await transaction.get(place);
        const twitchUserId = z.string().safeParse(builder.get("twitch_user_id")).data;
        const standing = builder.get("standing");
        keepDecision(firestore, transaction, { standing, digests: digestsOf(twitchUserId), now });
        transaction.delete(place);
      });
      const host = firestore.collection("hosts").doc(userId);
      await deleteEach(firestore, host.collection("standings"));
      await host.delete();
      await firestore.collection("sign_ins").doc(userId).delete();
      const decided = firestore.collectionGroup("standings").where("by_id", "==", userId);
      for await (const { ref } of eachDocument(decided)) await ref.update({ by_id: pseudonym });
    },

    /** Deletes someone's streams: which were shown, and what came of it. */
    async deleteGoLives(userId: string): Promise<void> {
      const firestore = await database();
      const theirs = firestore.collection("go_lives").where("builder_id", "==", userId);
      for await (const { ref } of eachDocument(theirs)) {
        await deleteEach(firestore, ref.collection("outcomes"));
        await deleteClaims(firestore, ref.id);
        await ref.delete();
      }
    },

    /**
     * Forgets where someone was written to: what was sent stays known as sent. Dead letters that name them go
     * once they are closed; an open one stays, and is an open obligation. So is one that opens again meanwhile:
     * then this fails, and is done again.
     */
    async deleteNotes(userId: string, dmChannelId: string | undefined): Promise<void> {
      const firestore = await database();
      const processed = firestore.collection("processed");
      if (dmChannelId) {
        const sent = processed.where("channel_id", "==", dmChannelId);
        for await (const { ref } of eachDocument(sent))
          await ref.update({ channel_id: NO_CHANNEL });
      }
      const prefixes = [
        ...[`registered:${userId}:`, `host-asked:${userId}:`, `race-note:${userId}:`],
        refusalsOf(userId),
      ];
      for (const prefix of prefixes) {
        const notices = processed
          .where("__name__", ">=", processed.doc(prefix))
          .where("__name__", "<", processed.doc(`${prefix}~`));
        await deleteEach(firestore, notices);
      }
      for await (const deadLetter of deadLettersNaming(firestore, userId)) {
        if (waitsForOperators(deadLetter)) continue;
        await deadLetter.ref.delete({ lastUpdateTime: deadLetter.updateTime });
      }
    },
  };
}

function refusalsOf(userId: string): string {
  return `forget-refused:${userId}:`;
}

/** Being forgotten would wipe them: so it waits until they count no more. */
async function countedWins(user: DocumentReference, now: Date): Promise<OpenObligation[]> {
  const since = new Date(now.getTime() - COUNTED_MS);
  const { docs } = await user.collection("unpaid_wins").where("at", ">", since).get();
  return docs.flatMap((win): OpenObligation[] => {
    const { at, is_lifted: isLifted } = parseDocument(win.ref.path, winDocument, win.data());
    const until = new Date(at.getTime() + COUNTED_MS);
    return isLifted ? [] : [{ kind: "unpaid-win", name: win.id, until }];
  });
}

async function* deadLettersNaming(
  firestore: Firestore,
  userId: string,
): AsyncGenerator<QueryDocumentSnapshot> {
  for await (const deadLetter of eachDocument(firestore.collection("dead_letters"))) {
    if (mentions(deadLetter.data(), userId)) yield deadLetter;
  }
}

/** Of a forgetting that fails there is a dead letter too, which must not keep it from going on once it can. */
function waitsForOperators(deadLetter: QueryDocumentSnapshot): boolean {
  const fields = parseDocument(deadLetter.ref.path, deadLetterDocument, deadLetter.data());
  return fields.state === "open" && fields.function_name !== forgetPersonDue.queue;
}

function dropsOf(firestore: Firestore, userId: string) {
  return firestore.collection("inventory").where("builder_id", "==", userId);
}
