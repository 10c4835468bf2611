import { action } from "../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../shared/discord/definitions/define-command.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { connectPayouts } from "../../members/accounts/connect-account.ts";
import { countryOption } from "../../members/commands/options.ts";
import { builderAccount } from "../../members/messages/payout-accounts.ts";
import { bookForgottenDebts } from "../money/returning.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** `/c500 payouts`. */
export const payoutsCommand = defineCommand({
  words: "c500 payouts",
  description: "Connect your bank account, or look at your payouts",
  options: { country: countryOption },
  who: "builder",
  answeredBy: "shop",
});

/**
 * Connects the builder's account, once. One that they have connected as a racer becomes their shop's. A repeat gives
 * another link to the same account.
 */
export const connectingPayouts = /* @__PURE__ */ action(
  payoutsCommand,
  async ({ id, userId }, { country }, deps: ShopDeps) => {
    await bookForgottenDebts(userId, id, deps);
    const builder = await deps.builders.adoptAccount(userId);
    if (!builder) throw new TerminalError(`${userId} is no longer a builder.`);
    const kind = { accounts: deps.builders, words: builderAccount };
    return connectPayouts(builder, country ?? "", kind, deps);
  },
);
