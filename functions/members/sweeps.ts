import { defineSweep, type SweepTurn } from "../../shared/runtime/sweep.ts";
import { type AccountDeps, type AccountKind, keepAccountState } from "./accounts/seller-account.ts";
import type { Deps } from "./deps.ts";
import { builderAccount, racerAccountWords } from "./messages/payout-accounts.ts";
import type { AccountHolder, SellerAccounts } from "./store/seller-accounts.ts";

/** This feature's sweeps. */
export const membersSweeps = [
  defineSweep({
    name: "builder-accounts",
    does: "asks Stripe about builders' accounts that are not ready",
    asks: ["Stripe"],
    run: (deps: AccountDeps & Pick<Deps, "builders">, turn) =>
      keepAccounts({ accounts: deps.builders, words: builderAccount }, turn, deps),
  }),
  defineSweep({
    name: "racer-accounts",
    does: "asks Stripe about racers' accounts that are not ready",
    asks: ["Stripe"],
    run: (deps: AccountDeps & Pick<Deps, "wallets">, turn) =>
      keepAccounts({ accounts: deps.wallets, words: racerAccountWords }, turn, deps),
  }),
];

async function keepAccounts<Holder extends AccountHolder>(
  kind: AccountKind<Holder> & {
    readonly accounts: Pick<SellerAccounts<Holder>, "withUnreadyAccounts">;
  },
  turn: SweepTurn,
  deps: AccountDeps,
): Promise<void> {
  const unready = await kind.accounts.withUnreadyAccounts();
  await turn.forEach(unready, (holder) => keepAccountState(holder, kind, deps));
}
