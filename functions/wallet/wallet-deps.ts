import type { AnswerDeps } from "../../shared/messages/answer-interaction.ts";
import type { ReturningDeps } from "../../shared/privacy/returning.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import type { FinishPayoutDeps } from "../../shared/wallet/finish-payout.ts";

/** Everything the wallet's commands need together; each takes its part. */
export type WalletDeps = AnswerDeps &
  FinishPayoutDeps &
  ReturningDeps &
  Pick<Deps, "config" | "ledger" | "lobbies" | "builders" | "wallets">;
