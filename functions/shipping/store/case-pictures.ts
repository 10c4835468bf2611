import type { SentMessage } from "../../../shared/documents/sent-messages.ts";
import type { Database } from "../../../shared/ports/database.ts";
import { caseDocument } from "../documents/case.ts";
import { type Case, picturesEnd } from "../domain/case.ts";
import { setDeadlines } from "./deadlines.ts";

export type CasePictures = ReturnType<typeof createCasePictures>;

/** Where the copies of the pictures of cases are. */
export function createCasePictures(database: Database) {
  const change = async (
    orderId: string,
    pictures: (before: Case["pictures"]) => Case["pictures"],
    now: Date,
  ): Promise<void> => {
    const firestore = await database();
    const place = caseDocument.place(firestore, orderId);
    await firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(place);
      if (!snapshot.exists) return;
      const found = caseDocument.read(snapshot);
      const after = { ...found, pictures: pictures(found.pictures) };
      caseDocument.update(transaction, place, { pictures: after.pictures });
      const dueAt = picturesEnd(after, now);
      if (!dueAt) return;
      const { version } = found;
      const due = { kind: "case-pictures", subjectId: orderId, version, dueAt } as const;
      setDeadlines(firestore, transaction, [due]);
    });
  };

  return {
    /** The cases with copies that a buyer has reported. */
    async ofBuyer(buyerId: string): Promise<Case[]> {
      const cases = caseDocument.all(await database()).where("buyer_id", "==", buyerId);
      const found = (await cases.get()).docs.flatMap(caseDocument.readable);
      return found.filter(({ pictures }) => pictures.length > 0);
    },

    /** Remembers messages with copies. Idempotent. */
    add: (orderId: string, messages: readonly SentMessage[], now: Date) =>
      change(
        orderId,
        (before) => [
          ...before,
          ...messages.filter(
            ({ messageId }) => !before.some((known) => known.messageId === messageId),
          ),
        ],
        now,
      ),

    /** Forgets the messages, once their copies are gone. Those that were added meanwhile stay. */
    forget: (orderId: string, gone: readonly SentMessage[], now: Date) =>
      change(
        orderId,
        (before) =>
          before.filter(({ messageId }) => !gone.some((each) => each.messageId === messageId)),
        now,
      ),
  };
}
