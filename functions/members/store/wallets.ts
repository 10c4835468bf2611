import * as z from "zod/mini";
import {
  createDocument,
  parseDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import type { Database, DocumentSnapshot, Transaction } from "../../../shared/ports/database.ts";
import { type TaxNote, type TaxStatus, taxStatuses } from "../domain/tax.ts";
import {
  type AccountHolder,
  accountFields,
  type SellerAccount,
  sellerAccounts,
  toAccount,
} from "./seller-accounts.ts";

/** What is known of a racer beside their money. */
export interface Wallet extends AccountHolder {
  /** Connected to be paid by transfer; of a builder, their shop's account counts. */
  readonly account: SellerAccount | undefined;
  readonly tax: TaxNote | undefined;
  /** They asked to be paid, and nobody has done it since. */
  readonly request: { readonly id: string; readonly at: Date } | undefined;
}

const walletDocument = z.object({
  tax_status: stored(z.enum(taxStatuses)),
  tax_note: stored(z.string()),
  tax_by_id: stored(z.string()),
  tax_at: stored(timestamp),
  request_id: stored(z.string()),
  requested_at: stored(timestamp),
  ...accountFields,
});

/** What asking to be paid came to: `again` when they asked within the last day. */
export type RequestOutcome = "asked" | "again";

export type Wallets = ReturnType<typeof createWallets>;

/**
 * What of the `wallets` collection is no payout: tax notes of the team, requests to be paid, and connected accounts
 * of racers who are no builders.
 */
export function createWallets(database: Database) {
  const reference = async (racerId: string) =>
    (await database()).collection("wallets").doc(racerId);

  /** Changes fields of a wallet, which is made when it is not there. */
  const change = async <T>(
    racerId: string,
    decide: (wallet: Wallet) => { readonly fields?: object; readonly result: T },
  ): Promise<T> => {
    const place = await reference(racerId);
    return (await database()).runTransaction(async (transaction: Transaction) => {
      const snapshot = await transaction.get(place);
      const { fields, result } = decide(toWallet(snapshot));
      if (fields && snapshot.exists) transaction.update(place, { ...fields });
      else if (fields) createDocument(transaction, place, fields);
      return result;
    });
  };

  return {
    ...sellerAccounts(database, "wallets", toWallet),

    async get(racerId: string): Promise<Wallet> {
      return toWallet(await (await reference(racerId)).get());
    },

    /** Notes which tax form the team has; the newest counts, a repeat changes nothing. */
    async noteTax(racerId: string, { status, note, byId, at }: TaxNote): Promise<void> {
      const fields = { tax_status: status, tax_note: note ?? null, tax_by_id: byId, tax_at: at };
      await change(racerId, () => ({ fields, result: undefined }));
    },

    /** Remembers that a racer asks to be paid: once by `id`, and once a day. */
    request(racerId: string, id: string, at: Date): Promise<RequestOutcome> {
      return change(racerId, ({ request }) => {
        if (request?.id === id) return { result: "asked" as const };
        const isRecent = request && at.getTime() - request.at.getTime() < DAY_MS;
        if (isRecent) return { result: "again" as const };
        return { fields: { request_id: id, requested_at: at }, result: "asked" as const };
      });
    },
  };
}

/** The fields of a wallet whose request was met. */
export const NO_REQUEST = { request_id: null, requested_at: null } as const;

/** The fields of a wallet whose account has become that of a shop. */
export const NO_ACCOUNT = {
  ...{ stripe_account_id: null, stripe_account_state: null },
  ...{ stripe_account_missing: null, stripe_account_version: null },
} as const;

const DAY_MS = 24 * 3_600_000;

/** A wallet as it is stored; where it is not there, an empty one. */
export function toWallet(snapshot: DocumentSnapshot): Wallet {
  const fields = parseDocument(snapshot.ref.path, walletDocument, snapshot.data() ?? {});
  const { tax_status: status, tax_note: note, tax_by_id: byId = "", tax_at: at } = fields;
  const { request_id: id, requested_at: requestedAt } = fields;
  return {
    id: snapshot.id,
    account: toAccount(fields),
    tax: status && at && toTax(status, { note, byId, at }),
    request: id !== undefined && requestedAt ? { id, at: requestedAt } : undefined,
  };
}

function toTax(status: TaxStatus, rest: Omit<TaxNote, "status">): TaxNote {
  return { status, ...rest };
}
