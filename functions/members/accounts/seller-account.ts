import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import { type SendDeps, sendDmOnce } from "../../../shared/discord/sending/send-once.ts";
import { accountStateOf } from "../../../shared/money/seller-account.ts";
import type { Deps } from "../deps.ts";
import { type AccountWords, accountChanged } from "../messages/payout-accounts.ts";
import type { AccountHolder, SellerAccounts } from "../store/seller-accounts.ts";

/** Dependencies of storing an account's state. */
export type AccountDeps = SendDeps & Pick<Deps, "users" | "stripe" | "log">;

/** Where accounts of one kind are stored, and the wording their holders see. */
export interface AccountKind<Holder extends AccountHolder> {
  readonly accounts: Pick<SellerAccounts<Holder>, "recordAccount" | "connectAccount">;
  readonly words: AccountWords;
}

/** The most rounds of storing and rereading a state; Stripe does not change an account this many times in a row. */
const MAX_ROUNDS = 5;

/**
 * Stores the current state of someone's account at Stripe and notifies them once of each change. An account we may
 * no longer access counts as REJECTED.
 *
 * Idempotency: a repeat finds no change, and the message is recorded as sent. Crash safety: a repeat finds the same
 * version and sends the message.
 */
export async function keepAccountState<Holder extends AccountHolder>(
  { id, account }: Holder,
  kind: AccountKind<Holder>,
  deps: AccountDeps,
): Promise<Holder | undefined> {
  if (!account) return undefined;
  const holder = await recordUntilStable(id, account.id, kind, deps);
  if (holder?.account && holder.account.version > 0) {
    const key = `account-state:${account.id}:${holder.account.version}`;
    await sendDmOnce(key, id, accountChanged(holder.account, kind.words), deps);
  }
  return holder;
}

/** Reads the state again after storing it, because another run may have stored a newer one in between. */
async function recordUntilStable<Holder extends AccountHolder>(
  id: string,
  accountId: string,
  { accounts }: AccountKind<Holder>,
  deps: AccountDeps,
): Promise<Holder | undefined> {
  let read = await readAccount(accountId, deps);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const holder = await accounts.recordAccount(id, { id: accountId, ...read });
    const again = await readAccount(accountId, deps);
    if (again.state === read.state) return holder;
    read = again;
  }
  throw new Error(`Account ${accountId} changes all the time.`);
}

async function readAccount(id: string, { stripe }: Pick<Deps, "stripe">) {
  try {
    const facts = await stripe.account(id);
    return { state: accountStateOf(facts), missing: facts.missing };
  } catch (error) {
    if (!(error instanceof StripeRefusedError && error.isLostAccount)) throw error;
    return { state: "REJECTED" as const, missing: [] };
  }
}
