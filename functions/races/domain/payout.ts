import {
  type LedgerTransaction,
  type Posting,
  racerAccount,
} from "../../../shared/money/ledger.ts";

/** How a racer is given their money. */
export const payoutMethods = ["store-credit", "gift-card", "stripe"] as const;
export type PayoutMethod = (typeof payoutMethods)[number];

/**
 * Why a payout went back: C500 had too little at Stripe for too long (`balance`), the racer's account is gone
 * (`account`) or can't receive it (`other`), or someone reversed the transfer in Stripe's dashboard.
 */
export const transferRefusals = ["balance", "account", "other", "reversed"] as const;
export type TransferRefusal = (typeof transferRefusals)[number];

/** How a racer got their code: by DM, or from the staff member because their DMs are closed. */
export const codeDeliveries = ["dm", "by-hand"] as const;
export type CodeDelivery = (typeof codeDeliveries)[number];

/** The states of a payout; `open` until the money, the code and the messages are delivered. */
export const payoutStates = ["open", "done", "returned"] as const;
export type PayoutState = (typeof payoutStates)[number];

/** A payout as a staff member requested it. */
export interface PayoutRequest {
  /** The interaction's id, so that a redelivered interaction makes no second payout. */
  readonly id: string;
  readonly racerId: string;
  readonly staffId: string;
  /** The channel in which it was requested and is announced. */
  readonly channelId: string | undefined;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly method: PayoutMethod;
  /** The connected account that a transfer goes to. */
  readonly accountId: string | undefined;
  /** The code that the racer redeems; a secret, deleted as soon as it is sent. */
  readonly code: string | undefined;
}

/** A requested payout before its amount is known: someone who leaves gets everything that is available. */
export interface PayoutOrder extends Omit<PayoutRequest, "amount"> {
  /** Undefined only for someone who leaves. */
  readonly amount: number | undefined;
  /** The racer leaves and gets everything that is available, even below the minimum. */
  readonly isLeaver: boolean;
}

/** The minimum payout per currency; a missing currency has none. */
export type PayoutThresholds = ReadonlyMap<string, number>;

/** The minimum payout in a currency; 0 if there is none. */
export function leastPayout(thresholds: PayoutThresholds, currency: string): number {
  return thresholds.get(currency) ?? 0;
}

/** Money that left a racer's wallet, and its state. */
export interface Payout extends PayoutRequest {
  readonly state: PayoutState;
  readonly createdAt: Date;
  readonly transferId: string | undefined;
  readonly codeDelivery: CodeDelivery | undefined;
  /** Whether it was announced in its channel; undefined while it is open. */
  readonly isNotified: boolean | undefined;
  readonly refusal: TransferRefusal | undefined;
  /** How often, and when last, Stripe refused the transfer because C500 had too little there. */
  readonly fundsTries: number;
  readonly fundsTriedAt: Date | undefined;
}

/** How long a transfer waits for C500's funds at Stripe before its money goes back to the wallet. */
export const FUNDS_WAIT_MS = 3 * 24 * 3_600_000;
/** The shortest time between two tries. */
const FUNDS_RETRY_MS = 3_600_000;

/** When a payout stops waiting for C500's funds. */
export function fundsDeadline({ createdAt }: Pick<Payout, "createdAt">): Date {
  return new Date(createdAt.getTime() + FUNDS_WAIT_MS);
}

/** Whether a payout that waits for C500's funds was tried too recently to try again now. */
export function isFundsTryRecent(
  { fundsTriedAt }: Pick<Payout, "fundsTriedAt">,
  now: Date,
): boolean {
  return fundsTriedAt !== undefined && now.getTime() - fundsTriedAt.getTime() < FUNDS_RETRY_MS;
}

/** A payout counts from the beginning of time, so that a lagging clock cannot spend the money again. */
const ALWAYS = new Date(0);

/** The postings of money that leaves a wallet. */
export function payoutTransaction(payout: PayoutRequest, at: Date): LedgerTransaction {
  const { id, currency } = payout;
  const postings = movement(payout, payout.amount);
  return { id: `payout.${id}`, kind: "payout", at, currency, saleId: undefined, postings };
}

/** The postings of money that goes back to the wallet because Stripe refused or reversed the transfer. */
export function payoutReturnTransaction(payout: PayoutRequest, at: Date): LedgerTransaction {
  const postings = movement(payout, -payout.amount);
  return {
    id: `payout-returned.${payout.id}`,
    kind: "payout-returned",
    at,
    currency: payout.currency,
    saleId: undefined,
    postings,
  };
}

function movement({ racerId }: PayoutRequest, out: number): Posting[] {
  const shared = { availableAt: ALWAYS, lobbyId: undefined };
  return [
    { account: racerAccount(racerId), amount: -out, ...shared },
    { account: "payouts", amount: out, ...shared },
  ];
}
