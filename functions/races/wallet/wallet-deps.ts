import type { AnswerDeps } from "../../../shared/discord/answer-interaction.ts";
import type { ReturningDeps } from "../../shop/money/returning.ts";
import type { Deps } from "../deps.ts";
import type { FinishPayoutDeps } from "./finish-payout.ts";

/** Everything the wallet's commands need together; each takes its part. */
export type WalletDeps = AnswerDeps &
  FinishPayoutDeps &
  ReturningDeps &
  Pick<Deps, "config" | "ledger" | "lobbies" | "builders" | "wallets">;
