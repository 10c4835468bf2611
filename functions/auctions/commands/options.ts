import { text } from "../../../shared/discord/definitions/options.ts";

/** The auction that a command is about. */
export const auctionOption = text("Which of your auctions", {
  required: true,
  maxLength: 100,
  suggest: "auctions",
});

/** What the commands share by which a builder, or staff, do something with one auction. */
export const forOwnAuction = {
  options: { auction: auctionOption },
  who: "owner",
  answeredBy: "auction-control",
} as const;

/** The longest amount, with its currency's sign and commas. */
export const MAX_AMOUNT_LENGTH = 20;

/** The longest reason that staff give a bidder. It fits into a message with room to spare. */
export const MAX_REASON_LENGTH = 300;
export const reasonOption = text("Why; they read it", {
  required: true,
  maxLength: MAX_REASON_LENGTH,
});
