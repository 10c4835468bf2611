import type { BuyDeps } from "../checkout/checkout.ts";
import type { SettleDeps } from "../checkout/settle-checkout.ts";
import type { Deps } from "../deps.ts";
import type { ReturningDeps } from "../money/returning.ts";

/** Everything the shop's commands need together; each takes its part. */
export type ShopDeps = BuyDeps &
  SettleDeps &
  ReturningDeps &
  Pick<
    Deps,
    | "buildersTerms"
    | "config"
    | "redis"
    | "twitch"
    | "twitchSignIn"
    | "signIns"
    | "publisher"
    | "builders"
    | "drops"
    | "dropWaits"
    | "releases"
  >;
