import type { Firestore } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import type { OpenAffair } from "../domain/open-affair.ts";
import { parseDocument, stored, timestamp } from "./document.ts";
import { deleteEach, eachDocument, mentions } from "./rename.ts";

/** What a record of a message to someone has in the place of their channel. */
const NO_CHANNEL = "forgotten";
/** A bar without an end would keep people from being forgotten for ever. */
const BARRED_MS = 90 * 24 * 3_600_000;

const userDocument = z.object({ bidding_barred_at: stored(timestamp) });

/** What is kept of a person alone: what they are to us, what they sell, and what we have noted of them. */
export function createPersonTraces(database: Database) {
  return {
    /** Drops on sale, and a bar from bidding that has not run out. */
    async open(userId: string, now: Date): Promise<OpenAffair[]> {
      const firestore = await database();
      const found: OpenAffair[] = [];
      for await (const drop of eachDocument(dropsOf(firestore, userId))) {
        if (drop.get("is_closed") === true) continue;
        found.push({ kind: "drop", name: String(drop.get("title")) });
      }
      const user = firestore.collection("users").doc(userId);
      const fields = parseDocument(user.path, userDocument, (await user.get()).data() ?? {});
      const barredAt = fields.bidding_barred_at;
      const until = barredAt && new Date(barredAt.getTime() + BARRED_MS);
      if (until && now < until) found.push({ kind: "barred", name: "auctions", until });
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

    /** Deletes what is kept of someone as a user, a racer and a builder; settled debts keep a pseudonym. */
    async deleteProfiles(userId: string, pseudonym: string): Promise<void> {
      const firestore = await database();
      const user = firestore.collection("users").doc(userId);
      await deleteEach(firestore, user.collection("unpaid_wins"));
      await user.delete();
      await firestore.collection("wallets").doc(userId).delete();
      const builders = firestore.collection("builders");
      for await (const debt of eachDocument(builders.doc(userId).collection("debts"))) {
        const batch = firestore.batch();
        batch.set(builders.doc(pseudonym).collection("debts").doc(debt.id), debt.data());
        batch.delete(debt.ref);
        await batch.commit();
      }
      await builders.doc(userId).delete();
    },

    /** Deletes someone's streams: which were shown, and what came of it. */
    async deleteGoLives(userId: string): Promise<void> {
      const firestore = await database();
      const theirs = firestore.collection("go_lives").where("builder_id", "==", userId);
      for await (const { ref } of eachDocument(theirs)) {
        await deleteEach(firestore, ref.collection("outcomes"));
        await ref.delete();
      }
    },

    /**
     * Forgets where someone was written to: what was sent stays known as sent. Letters of what could not
     * be done for them go, being of no use to anyone else.
     */
    async deleteNotes(userId: string, dmChannelId: string | undefined): Promise<void> {
      const firestore = await database();
      const processed = firestore.collection("processed");
      if (dmChannelId) {
        const sent = processed.where("channel_id", "==", dmChannelId);
        for await (const { ref } of eachDocument(sent))
          await ref.update({ channel_id: NO_CHANNEL });
      }
      const registered = `registered:${userId}:`;
      const notices = processed
        .where("__name__", ">=", processed.doc(registered))
        .where("__name__", "<", processed.doc(`${registered}~`));
      await deleteEach(firestore, notices);
      for await (const letter of eachDocument(firestore.collection("dead_letters"))) {
        if (mentions(letter.data(), userId)) await letter.ref.delete();
      }
    },
  };
}

function dropsOf(firestore: Firestore, userId: string) {
  return firestore.collection("inventory").where("builder_id", "==", userId);
}
