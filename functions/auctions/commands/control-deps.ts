import type { SettleDeps } from "../../shop/checkout/settle-checkout.ts";
import type { Deps } from "../deps.ts";
import type { OpenAuctionDeps } from "../lifecycle/opening/open-auction.ts";
import type { RecordBidsDeps } from "../lifecycle/running/record-bids.ts";
import type { SettleAuctionDeps } from "../lifecycle/settlement/settle-auction.ts";

/** The dependencies of all auction commands. Each part takes only what it needs. */
export type AuctionControlDeps = OpenAuctionDeps &
  RecordBidsDeps &
  SettleAuctionDeps &
  SettleDeps &
  Pick<Deps, "buildersTerms" | "config">;
