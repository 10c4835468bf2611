import { walletButtons } from "../../shared/commands/wallet.ts";
import { returning } from "../../shared/privacy/returning.ts";
import { type CommandAction, commandFunction } from "../../shared/runtime/command-function.ts";
import { connectAccount } from "./connect.ts";
import { listPayouts, noteTax } from "./list-payouts.ts";
import { payOut } from "./pay-out.ts";
import { requestPayout } from "./request-payout.ts";
import { showWallet } from "./show-wallet.ts";
import type { WalletDeps } from "./wallet-deps.ts";

/** What each command does. */
const actions: Readonly<Record<string, CommandAction<WalletDeps>>> = {
  wallet: returning(showWallet),
  "payouts connect": returning(connectAccount),
  "payouts list": listPayouts,
  "payouts tax": noteTax,
  [walletButtons.request.name]: {
    run: returning(requestPayout),
    isBegun: async ({ id, userId }, { wallets }) => (await wallets.get(userId)).request?.id === id,
  },
  payout: {
    run: payOut,
    isBegun: async ({ id }, { payouts }) => (await payouts.get(id)) !== undefined,
  },
};

/** What racers have earned, and paying it out. */
export const handler = commandFunction("wallet", actions);
