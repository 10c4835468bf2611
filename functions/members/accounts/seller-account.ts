import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import { type SendDeps, sendDmOnce } from "../../../shared/discord/send-once.ts";
import { accountStateOf } from "../../../shared/money/seller-account.ts";
import type { Deps } from "../deps.ts";
import { type AccountWords, accountChanged } from "../messages/payout-accounts.ts";
import type { AccountHolder, SellerAccounts } from "../store/seller-accounts.ts";

/** What keeping an account's state needs. */
export type AccountDeps = SendDeps & Pick<Deps, "users" | "stripe" | "log">;

/** Where accounts of a kind are kept, and what their holders read of them. */
export interface AccountKind<Holder extends AccountHolder> {
  readonly accounts: Pick<SellerAccounts<Holder>, "recordAccount" | "connectAccount">;
  readonly words: AccountWords;
}

/** Stripe does not change an account so often. */
const MAX_ROUNDS = 5;

/**
 * Keeps what somebody's account is at Stripe at this moment, and notifies them of a change once. An
 * account we may no longer see counts as REJECTED.
 *
 * Idempotency: nothing has changed, and the message has its record. Crash safety: the repeat
 * finds the same number of changes and sends the message.
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

/** What was read may be older than what another run has written meanwhile: so it is read again. */
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
