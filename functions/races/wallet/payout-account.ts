import type { SellerAccount } from "../../members/store/seller-accounts.ts";
import type { Deps } from "../deps.ts";

/**
 * The account that receives a racer's transfers: their shop's account or the one they connected as a racer. An
 * active account takes precedence; otherwise the shop's comes first.
 */
export async function payoutAccountOf(
  racerId: string,
  { builders, wallets }: Pick<Deps, "builders" | "wallets">,
): Promise<SellerAccount | undefined> {
  const holders = await Promise.all([builders.get(racerId), wallets.get(racerId)]);
  const accounts = holders.flatMap((holder) => holder?.account ?? []);
  return accounts.find(({ state }) => state === "ACTIVE") ?? accounts[0];
}
