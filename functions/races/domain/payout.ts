import {
  type LedgerTransaction,
  type Posting,
  racerAccount,
} from "../../../shared/money/ledger.ts";

/** How a racer is given their money. */
export const payoutMethods = ["store-credit", "gift-card", "stripe"] as const;
export type PayoutMethod = (typeof payoutMethods)[number];

/**
 * Why a payout went back: C500 had too little at Stripe for too long, the account is gone, or it can't take it, or
 * somebody reversed the transfer in Stripe's dashboard.
 */
export const transferRefusals = ["balance", "account", "other", "reversed"] as const;
export type TransferRefusal = (typeof transferRefusals)[number];

/** How a racer got their code: by DM, or from the staff member because their DMs are closed. */
export const codeDeliveries = ["dm", "by-hand"] as const;
export type CodeDelivery = (typeof codeDeliveries)[number];

/** What a payout may be; `open` until everyone has what they should. */
export const payoutStates = ["open", "done", "returned"] as const;
export type PayoutState = (typeof payoutStates)[number];

/** What a staff member asked for. */
export interface PayoutRequest {
  /** The interaction's id, so that however often it is delivered it is one payout. */
  readonly id: string;
  readonly racerId: string;
  readonly staffId: string;
  /** Where it was asked for, and is told. */
  readonly channelId: string | undefined;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly method: PayoutMethod;
  /** The connected account that a transfer goes to. */
  readonly accountId: string | undefined;
  /** What the racer redeems; a secret, forgotten as soon as it is sent. */
  readonly code: string | undefined;
}

/** What a staff member requested: an amount, or everything that someone who leaves has. */
export interface PayoutOrder extends Omit<PayoutRequest, "amount"> {
  /** May be left out for someone who leaves. */
  readonly amount: number | undefined;
  /** They leave, and get everything that is available, however little it is. */
  readonly isLeaver: boolean;
}

/** The minimum payout by currency; a currency that is not named has none. */
export type PayoutThresholds = ReadonlyMap<string, number>;

/** The minimum payout in a currency; 0 where there is none. */
export function leastPayout(thresholds: PayoutThresholds, currency: string): number {
  return thresholds.get(currency) ?? 0;
}

/** Money that left a racer's wallet, with what has become of it. */
export interface Payout extends PayoutRequest {
  readonly state: PayoutState;
  readonly createdAt: Date;
  readonly transferId: string | undefined;
  readonly codeDelivery: CodeDelivery | undefined;
  /** Whether its channel was told; undefined while it is open. */
  readonly isNotified: boolean | undefined;
  readonly refusal: TransferRefusal | undefined;
  /** How often Stripe refused the transfer because C500 had too little there, and when it did last. */
  readonly fundsTries: number;
  readonly fundsTriedAt: Date | undefined;
}

/** A transfer that C500 has too little for at Stripe is tried for so long before its money goes back. */
export const FUNDS_WAIT_MS = 3 * 24 * 3_600_000;
/** The least time between two tries. */
const FUNDS_RETRY_MS = 3_600_000;

/** Until when a payout waits for C500's funds at the longest. */
export function fundsDeadline({ createdAt }: Pick<Payout, "createdAt">): Date {
  return new Date(createdAt.getTime() + FUNDS_WAIT_MS);
}

/** Whether a payout that waits for C500's funds was tried so lately that it is left alone for now. */
export function isFundsTryRecent(
  { fundsTriedAt }: Pick<Payout, "fundsTriedAt">,
  now: Date,
): boolean {
  return fundsTriedAt !== undefined && now.getTime() - fundsTriedAt.getTime() < FUNDS_RETRY_MS;
}

/** What goes out counts from the beginning of time: no clock that lags can spend it again. */
const ALWAYS = new Date(0);

/** The postings of money that leaves a wallet. */
export function payoutTransaction(payout: PayoutRequest, at: Date): LedgerTransaction {
  const { id, currency } = payout;
  const postings = movement(payout, payout.amount);
  return { id: `payout.${id}`, kind: "payout", at, currency, saleId: undefined, postings };
}

/** The postings of money that comes back to the wallet, because Stripe would not take it. */
export function payoutReturnTransaction(payout: PayoutRequest, at: Date): LedgerTransaction {
  const postings = movement(payout, -payout.amount);
  return {
    ...{ id: `payout-returned.${payout.id}`, kind: "payout-returned", at },
    ...{ currency: payout.currency, saleId: undefined, postings },
  };
}

function movement({ racerId }: PayoutRequest, out: number): Posting[] {
  const shared = { availableAt: ALWAYS, lobbyId: undefined };
  return [
    { account: racerAccount(racerId), amount: -out, ...shared },
    { account: "payouts", amount: out, ...shared },
  ];
}
