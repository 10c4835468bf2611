import type { SellerAccount } from "../../members/store/seller-accounts.ts";
import type { Deps } from "../deps.ts";

/**
 * The account that somebody's earnings can be transferred to: their shop's, or the one they have connected as a
 * racer; a ready one before others.
 */
export async function payoutAccountOf(
  racerId: string,
  { builders, wallets }: Pick<Deps, "builders" | "wallets">,
): Promise<SellerAccount | undefined> {
  const holders = await Promise.all([builders.get(racerId), wallets.get(racerId)]);
  const accounts = holders.flatMap((holder) => holder?.account ?? []);
  return accounts.find(({ state }) => state === "ACTIVE") ?? accounts[0];
}
