import {
  type Audience,
  type ButtonDefinition,
  type Command,
  type CommandOption,
  MAX_MONEY_COMMAND_AGE_MS,
  OptionType,
} from "../../../shared/discord/define-command.ts";
import { BAR_DAYS, MAX_BAR_DAYS } from "../domain/bidding-bar.ts";

const auction: CommandOption = {
  name: "auction",
  description: "Which of your auctions",
  type: OptionType.string,
  required: true,
  autocomplete: true,
  max_length: 100,
};

const amountOption = (name: string, description: string, required = false): CommandOption => ({
  name,
  description,
  type: OptionType.string,
  required,
  max_length: 20,
});

const start = {
  words: "c500 auction start",
  description: "Put one thing up for auction in this channel",
  options: [
    {
      name: "title",
      description: "What it is",
      type: OptionType.string,
      required: true,
      max_length: 100,
    },
    amountOption("price", "The least first bid, such as 50 or $49.50", true),
    {
      name: "duration",
      description: "How long, such as 90s, 5m, 2h or 3d; 30 seconds to 7 days",
      type: OptionType.string,
      required: true,
      max_length: 20,
    },
    {
      name: "payment",
      description: "When the money becomes yours; ready to ship unless you say",
      type: OptionType.string,
      choices: [
        { name: "ready to ship: paid at once", value: "split" },
        { name: "made to order: held until you build it live", value: "held" },
      ],
    },
    { name: "image", description: "A picture of it", type: OptionType.attachment },
    amountOption(
      "increment",
      "How much each bid has to add; it grows with the price unless you say",
    ),
    amountOption("reserve", "Below this it is not sold; nobody sees it"),
    {
      name: "counter_bid",
      description: "Seconds a late bid leaves the others; 10 unless you say, 0 for sudden death",
      type: OptionType.integer,
      min_value: 0,
      max_value: 120,
    },
    {
      name: "opens",
      description: "When bidding starts; now unless you say",
      type: OptionType.string,
      choices: [
        { name: "now", value: "now" },
        { name: "when I go live", value: "live" },
      ],
    },
  ],
  who: "builder",
  postsHere: true,
  limit: "auctions",
  answeredBy: "auction-control",
} as const satisfies Command;

const control = <const Name extends string>(
  name: Name,
  who: Audience,
  description: string,
  options: readonly CommandOption[],
) =>
  ({
    words: `c500 auction ${name}`,
    description,
    options,
    who,
    answeredBy: "auction-control",
  }) as const satisfies Command;

const bid = {
  words: "bid",
  description: "Bid in this channel's auction",
  options: [
    amountOption("amount", "Your bid, such as 55 or $55.50", true),
    amountOption("max", "Your secret ceiling: I bid for you up to it, as little as needed"),
  ],
  who: "everyone",
  answeredBy: "bid",
} as const satisfies Command;

/** The commands of auctions. */
export const auctionCommands = [
  start,
  control("list", "everyone", "Your auctions", []),
  {
    ...control("show", "builder-or-staff", "Show an auction in this channel, too", [auction]),
    postsHere: true,
    limit: "boards",
  },
  control("cancel", "owner", "End an auction without a winner", [auction]),
  control("close", "owner", "Let the hammer fall now", [auction]),
  control("sell", "owner", "Sell to the highest bidder now, also below the reserve", [auction]),
  control("extend", "owner", "Give bidders more time", [
    auction,
    {
      name: "by",
      description: "How much longer, such as 90s, 5m or 2h; 10 seconds to a day",
      type: OptionType.string,
      required: true,
      max_length: 20,
    },
  ]),
  control("remove-bids", "staff", "Take all bids of one bidder out of a running auction", [
    auction,
    { name: "bidder", description: "Whose bids", type: OptionType.user, required: true },
    {
      name: "reason",
      description: "Why; they read it",
      type: OptionType.string,
      required: true,
      max_length: 300,
    },
  ]),
  {
    ...control("void", "owner", "Cancel the result of an auction and refund its payment", [
      auction,
    ]),
    // It refunds the winner. `cancel` moves no money: until an auction is over nobody has paid.
    maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  },
  {
    ...control("rerun", "builder-or-staff", "Run an auction again in this channel", [auction]),
    postsHere: true,
    limit: "auctions",
  },
  control("history", "owner", "Every bid of an auction, as a CSV file", [auction]),
  control("bar", "staff", "Keep someone from bidding", [
    { name: "bidder", description: "Who may not bid", type: OptionType.user, required: true },
    {
      name: "reason",
      description: "Why; they read it",
      type: OptionType.string,
      required: true,
      max_length: 300,
    },
    {
      name: "days",
      description: `For how many days; ${BAR_DAYS} by default`,
      type: OptionType.integer,
      min_value: 1,
      max_value: MAX_BAR_DAYS,
    },
  ]),
  control("lift", "builder-or-staff", "Let someone bid again who did not pay", [
    { name: "bidder", description: "Who may bid again", type: OptionType.user, required: true },
  ]),
  bid,
] as const satisfies readonly Command[];

/** Buttons of auctions that are answered later. */
export const auctionButtons = {
  claim: { name: "auction-claim", handler: "auction-control", who: "owner" },
  accept: { name: "auction-accept", handler: "auction-control", who: "owner" },
} as const satisfies Record<string, ButtonDefinition>;

/** Buttons and the form that are bids, or about bids: they are answered at once. */
export const bidControls = {
  /** `bid:AUCTION:AMOUNT`, the amount in minor units. */
  bid: "bid",
  /** `bid-sure:AUCTION:AMOUNT:MAX`: an amount that looked like a typo is none. */
  sure: "bid-sure",
  /** `bid-custom:AUCTION` opens the form of the same name. */
  custom: "bid-custom",
  /** `bid-notify:AUCTION`. */
  notify: "bid-notify",
} as const;
