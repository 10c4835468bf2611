import { type Command, MAX_MONEY_COMMAND_AGE_MS, OptionType } from "./define-command.ts";

const wallet: Command = {
  words: "wallet",
  description: "What you have earned in races; only you see it",
  options: [],
  who: "everyone",
  answeredBy: "wallet",
};

const payout: Command = {
  words: "payout",
  description: "Give a racer their money; for the team",
  who: "staff",
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  options: [
    { name: "user", description: "Who is paid", type: OptionType.user, required: true },
    {
      name: "amount",
      description: "How much, such as $50.00; may be left out for someone who leaves",
      type: OptionType.string,
      max_length: 20,
    },
    {
      name: "method",
      description: "How they get it; store credit unless you say",
      type: OptionType.string,
      choices: [
        { name: "store credit", value: "store-credit" },
        { name: "gift card", value: "gift-card" },
        { name: "to their Stripe account", value: "stripe" },
      ],
    },
    {
      name: "code",
      description: "The code of the credit or card; I send it to them by DM",
      type: OptionType.string,
      max_length: 200,
    },
    {
      name: "currency",
      description: "Which of their balances, such as EUR; the shop's currency unless you say",
      type: OptionType.string,
      max_length: 3,
    },
    {
      name: "leaver",
      description: "They leave: pay everything available, even below the minimum payout",
      type: OptionType.boolean,
    },
  ],
  answeredBy: "wallet",
};

/** The commands of what racers earn. */
export const walletCommands: readonly Command[] = [wallet, payout];
