import { defineSweep } from "../../shared/runtime/sweep.ts";
import { keepSubscriptions } from "./service/keep-subscriptions.ts";

/** What this feature has the sweeper do. */
export const goingLiveSweeps = [
  defineSweep({
    name: "subscriptions",
    does: "repairs Twitch's subscriptions to builders' channels",
    asks: ["Twitch"],
    run: keepSubscriptions,
  }),
];
