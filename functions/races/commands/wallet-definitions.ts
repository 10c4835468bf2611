import {
  type ButtonDefinition,
  type Command,
  MAX_MONEY_COMMAND_AGE_MS,
  OptionType,
} from "../../../shared/discord/define-command.ts";

/** So long may a note about a tax form be. */
export const MAX_TAX_NOTE_LENGTH = 200;

const wallet = {
  words: "wallet",
  description: "What you have earned in races; only you see it",
  options: [
    {
      name: "user",
      description: "For the team: whose wallet",
      type: OptionType.user,
    },
  ],
  who: "everyone",
  answeredBy: "wallet",
} as const satisfies Command;

const payout = {
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
} as const satisfies Command;

const connect = {
  words: "payouts connect",
  description: "Connect your bank account, to be paid what you earn in races",
  options: [
    {
      name: "country",
      description: "Where you live, or your business is registered; needed the first time",
      type: OptionType.string,
      autocomplete: true,
      max_length: 60,
    },
  ],
  who: "everyone",
  limit: "registrations",
  answeredBy: "wallet",
} as const satisfies Command;

const list = {
  words: "payouts list",
  description: "Who can be paid, who asked, and whose tax form is missing; for the team",
  who: "staff",
  options: [],
  answeredBy: "wallet",
} as const satisfies Command;

const tax = {
  words: "payouts tax",
  description: "Note which tax form you have of a racer; for the team",
  who: "staff",
  options: [
    { name: "user", description: "The racer", type: OptionType.user, required: true },
    {
      name: "form",
      description: "What you have",
      type: OptionType.string,
      required: true,
      choices: [
        { name: "W-9", value: "w-9" },
        { name: "W-8BEN", value: "w-8ben" },
        { name: "none is needed", value: "not-needed" },
        { name: "nothing yet", value: "missing" },
      ],
    },
    {
      name: "note",
      description: "Where it is kept, for the team; no numbers from the form",
      type: OptionType.string,
      max_length: MAX_TAX_NOTE_LENGTH,
    },
  ],
  answeredBy: "wallet",
} as const satisfies Command;

/** The commands of what racers earn. */
export const walletCommands = [
  wallet,
  payout,
  connect,
  list,
  tax,
] as const satisfies readonly Command[];

/** Buttons of wallets. */
export const walletButtons = {
  request: { name: "payout-request", handler: "wallet", who: "everyone" },
} as const satisfies Record<string, ButtonDefinition>;
