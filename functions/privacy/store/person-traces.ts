import * as z from "zod/mini";
import { copyDocument } from "../../../shared/documents/define-document.ts";
import { deadLetterDocument } from "../../../shared/documents/definitions/dead-letter.ts";
import { processedDocument } from "../../../shared/documents/definitions/processed.ts";
import { userDocument } from "../../../shared/documents/definitions/user.ts";
import { erasedFields } from "../../../shared/documents/personal.ts";
import { deleteEach, eachDocument, mentions } from "../../../shared/documents/rename.ts";
import type {
  Database,
  DocumentSnapshot,
  Firestore,
  QueryDocumentSnapshot,
  Transaction,
} from "../../../shared/ports/database.ts";
import { unpaidWinDocument } from "../../auctions/documents/unpaid-win.ts";
import { COUNTED_MS } from "../../auctions/domain/auction.ts";
import { createBiddingBars } from "../../auctions/store/bidding-bars/bidding-bars.ts";
import { goLiveDocument } from "../../going-live/documents/go-live.ts";
import { goLiveOutcomeDocument } from "../../going-live/documents/go-live-outcome.ts";
import { deleteClaims } from "../../going-live/store/announcement-claims.ts";
import { builderDocument } from "../../members/documents/builder.ts";
import { hostDocument } from "../../members/documents/host.ts";
import { signInDocument } from "../../members/documents/sign-in.ts";
import {
  builderStandingDocument,
  hostStandingDocument,
} from "../../members/documents/standing-fields.ts";
import { walletDocument } from "../../members/documents/wallet.ts";
import { type BuilderDigests, keepDecision } from "../../members/store/standing-tombstones.ts";
import { shippingTermsDocument } from "../../shipping/documents/shipping-terms.ts";
import { debtDocument } from "../../shop/documents/debt.ts";
import { dropDocument } from "../../shop/documents/drop.ts";
import { dropWaitDocument } from "../../shop/documents/drop-wait.ts";
import type { OpenObligation } from "../domain/open-obligation.ts";
import { forgetPersonDue } from "../events/forget-person-due.ts";

/** What a record of a message to someone has in the place of their channel. */
const NO_CHANNEL = "forgotten";
/** Those from before there were states are open. */
const readDeadLetter = deadLetterDocument.part("functionName", "state");

/** Key of the record that operators were notified of someone's open obligations on a day, as in "2026-11-21". */
export function refusalKey(userId: string, day: string): string {
  return `${refusalsOf(userId)}${day}`;
}

/** A person's own data: profiles, drops, streams, and records about them. */
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
      const bar = await createBiddingBars(database).get(userId, now);
      if (bar) found.push({ kind: "barred", name: "auctions", until: bar.until });
      found.push(...(await countedWins(firestore, userId, now)));
      const builder = await builderDocument.place(firestore, userId).get();
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
      for await (const drop of eachDocument(dropsOf(firestore, userId))) {
        const fields = erasedFields(dropDocument, drop.data(), { from: userId, to: pseudonym });
        const isDraft = drop.get("draft_state") === "draft";
        const noDraft = isDraft ? { draft_state: "discarded", opens_at: null } : {};
        await drop.ref.update({ ...fields, ...noDraft, is_closed: true });
        ids.push(drop.id);
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
      await deleteEach(firestore, unpaidWinDocument.all(firestore, userId));
      await deleteEach(firestore, dropWaitDocument.all(firestore).where("user_id", "==", userId));
      await userDocument.place(firestore, userId).delete();
      await walletDocument.place(firestore, userId).delete();
      for await (const debt of eachDocument(debtDocument.all(firestore, userId))) {
        const batch = firestore.batch();
        copyDocument(batch, debt, debtDocument.place(firestore, pseudonym, debt.id));
        batch.delete(debt.ref);
        await batch.commit();
      }
      await shippingTermsDocument.place(firestore, userId).delete();
      await firestore.runTransaction(async (transaction) => {
        const { holder, remove } = await planDeletion(firestore, transaction, userId, [
          builderDocument,
          builderStandingDocument,
        ]);
        const twitchUserId = z.string().safeParse(holder.get("twitch_user_id")).data;
        const standing = holder.get("standing");
        keepDecision(firestore, transaction, { standing, digests: digestsOf(twitchUserId), now });
        remove();
      });
      await firestore.runTransaction(async (transaction) => {
        const host = [hostDocument, hostStandingDocument] as const;
        const { remove } = await planDeletion(firestore, transaction, userId, host);
        remove();
      });
      await signInDocument.place(firestore, userId).delete();
      const who = { from: userId, to: pseudonym };
      const decided = firestore.collectionGroup("standings").where("by_id", "==", userId);
      for await (const change of eachDocument(decided)) {
        await change.ref.update(erasedFields(builderStandingDocument, change.data(), who));
      }
      const noted = walletDocument.all(firestore).where("tax_by_id", "==", userId);
      for await (const wallet of eachDocument(noted)) {
        await wallet.ref.update(erasedFields(walletDocument, wallet.data(), who));
      }
    },

    /** Deletes a user's go-lives, with their outcomes and claims. */
    async deleteGoLives(userId: string): Promise<void> {
      const firestore = await database();
      const theirs = goLiveDocument.all(firestore).where("builder_id", "==", userId);
      for await (const { ref } of eachDocument(theirs)) {
        await deleteEach(firestore, goLiveOutcomeDocument.all(firestore, ref.id));
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
      const processed = processedDocument.all(firestore);
      if (dmChannelId) {
        const sent = processed.where("channel_id", "==", dmChannelId);
        for await (const { ref } of eachDocument(sent))
          await processedDocument.updateNow(ref, { channelId: NO_CHANNEL });
      }
      const prefixes = [
        `registered:${userId}:`,
        `host-asked:${userId}:`,
        `race-note:${userId}:`,
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

/**
 * Plans to delete someone's document with the records of its standings at once: a change that they make meanwhile is
 * deleted with them, or begins anew. Reads immediately; `remove` writes.
 */
async function planDeletion(
  firestore: Firestore,
  transaction: Transaction,
  userId: string,
  [document, changeDocument]: readonly [
    typeof builderDocument | typeof hostDocument,
    typeof builderStandingDocument | typeof hostStandingDocument,
  ],
): Promise<{ holder: DocumentSnapshot; remove: () => void }> {
  const holder = await transaction.get(document.place(firestore, userId));
  const { docs } = await transaction.get(changeDocument.all(firestore, userId));
  return {
    holder,
    remove: () => {
      for (const { ref } of [holder, ...docs]) transaction.delete(ref);
    },
  };
}

function refusalsOf(userId: string): string {
  return `forget-refused:${userId}:`;
}

/** Forgetting would delete unpaid wins, so it waits until they no longer count. */
async function countedWins(
  firestore: Firestore,
  userId: string,
  now: Date,
): Promise<OpenObligation[]> {
  const since = new Date(now.getTime() - COUNTED_MS);
  const wins = unpaidWinDocument.all(firestore, userId);
  const { docs } = await wins.where("at", ">", since).get();
  return docs.map(unpaidWinDocument.read).flatMap(({ id, at, isLifted }): OpenObligation[] => {
    const until = new Date(at.getTime() + COUNTED_MS);
    return isLifted ? [] : [{ kind: "unpaid-win", name: id, until }];
  });
}

async function* deadLettersNaming(
  firestore: Firestore,
  userId: string,
): AsyncGenerator<QueryDocumentSnapshot> {
  for await (const deadLetter of eachDocument(deadLetterDocument.all(firestore))) {
    if (mentions(deadLetter.data(), userId)) yield deadLetter;
  }
}

/** A failed forgetting has a dead letter too, which must not block its own retry. */
function waitsForOperators(deadLetter: QueryDocumentSnapshot): boolean {
  const { state, functionName } = readDeadLetter(deadLetter);
  return state === "open" && functionName !== forgetPersonDue.queue;
}

function dropsOf(firestore: Firestore, userId: string) {
  return dropDocument.all(firestore).where("builder_id", "==", userId);
}
