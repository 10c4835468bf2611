import type { RecordBidsDeps } from "../../shared/auction-house/record-bids.ts";
import type { OpenAffairsDeps } from "../../shared/privacy/open-affairs.ts";
import type { ReturningDeps } from "../../shared/privacy/returning.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import type { BuyDeps } from "../../shared/shop/checkout.ts";
import type { SettleDeps } from "../../shared/shop/settle-checkout.ts";

/** Everything the shop's desks need together; each takes its part. */
export type ShopDeps = BuyDeps &
  SettleDeps &
  OpenAffairsDeps &
  ReturningDeps &
  RecordBidsDeps &
  Pick<
    Deps,
    | "config"
    | "redis"
    | "twitch"
    | "twitchSignIn"
    | "signIns"
    | "publisher"
    | "builders"
    | "drops"
    | "releases"
    | "forgettings"
  >;
