import { type CommandAction, commandFunction } from "../../members/command-function.ts";
import { returning } from "../../shop/money/returning.ts";
import { walletButtons, walletCommands } from "../commands/wallet-definitions.ts";
import { connectAccount } from "../wallet/connect.ts";
import { listPayouts, noteTax } from "../wallet/list-payouts.ts";
import { payOut } from "../wallet/pay-out.ts";
import { requestPayout } from "../wallet/request-payout.ts";
import { showWallet } from "../wallet/show-wallet.ts";
import type { WalletDeps } from "../wallet/wallet-deps.ts";

/** The action of each command and button. */
const actions = {
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
} satisfies Record<string, CommandAction<WalletDeps>>;

/** All commands and buttons about racers' earnings and payouts. */
export const handler = commandFunction(
  "wallet",
  [...walletCommands, ...Object.values(walletButtons)],
  actions,
);
