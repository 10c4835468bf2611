import {
  type ButtonDefinition,
  type Command,
  MAX_MONEY_COMMAND_AGE_MS,
  OptionType,
} from "../../../shared/discord/define-command.ts";
import { MAX_LIMIT_PER_BUYER, MAX_STOCK } from "../domain/drop.ts";

const register = {
  words: "c500 register",
  description: "Become a C500 builder, or change your Twitch channel",
  options: [
    {
      name: "code",
      description: "The code that you were shown after signing in at Twitch",
      type: OptionType.string,
      max_length: 20,
    },
  ],
  who: "everyone",
  limit: "registrations",
  answeredBy: "shop",
} as const satisfies Command;

const payouts = {
  words: "c500 payouts",
  description: "Connect your bank account, or look at your payouts",
  options: [
    {
      name: "country",
      description: "Where you live, or your business is registered; needed the first time",
      type: OptionType.string,
      autocomplete: true,
      max_length: 60,
    },
  ],
  who: "builder",
  answeredBy: "shop",
} as const satisfies Command;

const profile = {
  words: "c500 profile",
  description: "Your orders; for builders also drops, open orders and money",
  options: [],
  who: "everyone",
  answeredBy: "shop",
} as const satisfies Command;

/** Discord's forms have room for five fields, so how it is paid is asked before. */
const drop = {
  words: "c500 drop",
  description: "Put something up for sale",
  options: [
    {
      name: "payment",
      description: "When the money becomes yours",
      type: OptionType.string,
      required: true,
      choices: [
        { name: "ready to ship: paid at once", value: "split" },
        { name: "made to order: held until you build it live", value: "held" },
      ],
    },
    {
      name: "limit",
      description: "How many one buyer may have; 1 unless you say otherwise",
      type: OptionType.integer,
      min_value: 1,
      max_value: MAX_LIMIT_PER_BUYER,
    },
  ],
  who: "builder",
  limit: "dropForms",
  answeredBy: "form",
} as const satisfies Command;

const drops = {
  words: "c500 drops",
  description: "Your drops: look at them, close one, restock it, change its price",
  options: [
    {
      name: "drop",
      description: "The drop to change",
      type: OptionType.string,
      autocomplete: true,
      max_length: 100,
    },
    { name: "close", description: "Take it off sale", type: OptionType.boolean },
    {
      name: "restock",
      description: "How many units to add",
      type: OptionType.integer,
      min_value: 1,
      max_value: MAX_STOCK,
    },
    {
      name: "price",
      description: "Its new price, such as 12.50; open checkouts keep theirs",
      type: OptionType.string,
      max_length: 20,
    },
  ],
  who: "owner",
  answeredBy: "shop",
} as const satisfies Command;

const refund = {
  words: "c500 refund",
  description: "Give a buyer their money back, all of it or a part",
  options: [
    {
      name: "order",
      description: "The order's id",
      type: OptionType.string,
      required: true,
      autocomplete: true,
      max_length: 200,
    },
    {
      name: "amount",
      description: "How much, such as 12.50; everything that is left unless you say",
      type: OptionType.string,
      max_length: 20,
    },
    {
      name: "restock",
      description: "Put the unit back on sale; only with a refund of everything",
      type: OptionType.boolean,
    },
  ],
  who: "owner",
  limit: "refunds",
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  answeredBy: "shop",
} as const satisfies Command;

const forget = {
  words: "c500 forget me",
  description: "Have everything about you removed; shows first what that means",
  options: [],
  who: "everyone",
  answeredBy: "shop",
} as const satisfies Command;

const myData = {
  words: "c500 my-data",
  description: "Everything I store about you, as a file by DM",
  options: [],
  who: "everyone",
  limit: "myData",
  answeredBy: "shop",
} as const satisfies Command;

/** The commands of the shop. */
export const shopCommands = [
  ...[register, payouts, profile, drop, drops, refund],
  ...[myData, forget],
] as const satisfies readonly Command[];

/** The shop's buttons. */
export const shopButtons = {
  buy: { name: "drop-buy", handler: "shop", who: "everyone" },
  details: { name: "drop-details", handler: "shop", who: "everyone" },
  cancel: { name: "order-cancel", handler: "shop", who: "owner" },
  /** `forget-me:USER`: only theirs to press. */
  forget: { name: "forget-me", handler: "shop", who: "owner" },
} as const satisfies Record<string, ButtonDefinition>;
