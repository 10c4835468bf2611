import type { AnswerDeps } from "../../../shared/discord/sending/answer-interaction.ts";
import type { ReturningDeps } from "../../shop/money/returning.ts";
import type { Deps } from "../deps.ts";
import type { FinishPayoutDeps } from "./finish-payout.ts";

/** The combined dependencies of the wallet's commands; each command takes the part it needs. */
export type WalletDeps = AnswerDeps &
  FinishPayoutDeps &
  ReturningDeps &
  Pick<Deps, "config" | "ledger" | "lobbies" | "builders" | "wallets">;
