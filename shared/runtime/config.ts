import * as z from "zod/mini";
import { isKnownCurrency, parseAmounts } from "../money/money.ts";
import { list, type Parsed, readSettings, type SettingDefinition, text } from "./settings.ts";

const snowflake = z.string().check(z.trim(), z.regex(/^\d{1,20}$/));
const url = z.pipe(
  z.string().check(z.trim(), z.url()),
  z.transform((value) => value.replace(/\/+$/, "")),
);
const wholeNumber = (least: number, most: number) =>
  z.pipe(
    z.string().check(z.trim(), z.regex(/^\d{1,6}$/)),
    z.pipe(z.transform(Number), z.number().check(z.gte(least), z.lte(most))),
  );
const amounts = z.pipe(
  text.check(z.refine((value) => parseAmounts(value) !== undefined)),
  z.transform((value) => parseAmounts(value) ?? new Map<string, number>()),
);
const webUrl = z.pipe(z.string().check(z.trim(), z.regex(/^https?:\/\//)), url);
/** A text with a placeholder for a function's name. */
const template = z.string().check(z.trim(), z.regex(/^\S*\{name\}\S*$/));
const hostAndPort = z.string().check(z.trim(), z.regex(/^[^/\s]+:\d+$/));

/** Every setting a function may read from its environment. */
export const settings = {
  GOOGLE_CLOUD_PROJECT: { schema: text, description: "The id of the Google Cloud project." },
  GOOGLE_CLOUD_REGION: {
    schema: text,
    default: "us-central1",
    description: "Where the functions and queues are.",
  },
  TASKS_SERVICE_ACCOUNT: {
    schema: z.optional(template),
    description: "The service account that signs a queue's tasks; `{name}` stands for the queue.",
  },
  /** The one address of a function that is known before it is deployed. */
  FUNCTION_URL_TEMPLATE: {
    schema: template,
    description: "Where a queue's tasks are sent; `{name}` stands for the function.",
  },
  FUNCTIONS_BASE_URL: {
    schema: url,
    description: "The beginning of the functions' addresses, where Twitch sends its messages.",
  },
  CLOUD_TASKS_EMULATOR_HOST: {
    schema: z.optional(hostAndPort),
    description: "An emulator of Cloud Tasks, as `host:port`; only on a developer's machine.",
  },

  DISCORD_APPLICATION_ID: {
    schema: snowflake,
    description: "The application's id, from its page at Discord.",
  },
  DISCORD_PUBLIC_KEY: {
    schema: z.string().check(z.trim(), z.regex(/^[0-9a-fA-F]{64}$/)),
    description: "The key that Discord's signatures are checked with, from the same page.",
  },
  DISCORD_BOT_TOKEN: { schema: text, secret: true, description: "The bot's token." },
  DISCORD_CLIENT_SECRET: {
    schema: text,
    secret: true,
    description: "The application's secret, with which builders sign in to their desk.",
  },
  DISCORD_API_BASE_URL: {
    schema: url,
    default: "https://discord.com/api",
    description: "Where Discord's API is.",
  },
  DISCORD_GUILD_ID: {
    schema: snowflake,
    description: "The community's own server. Its managers are staff.",
  },
  DISCORD_INVITE_URL: {
    schema: z.optional(webUrl),
    form: "an invite link such as https://discord.gg/c500",
    description:
      "The invite behind “Join our Discord” on every page of the site; without it the pages have no such button.",
  },
  DISCORD_GENERAL_CHANNEL_ID: {
    schema: snowflake,
    description: "The channel for hangout announcements.",
  },
  DISCORD_MARKETPLACE_CHANNEL_ID: {
    schema: snowflake,
    description: "The channel for drops and their alerts.",
  },
  DISCORD_ORDERS_CHANNEL_ID: {
    schema: snowflake,
    description:
      "The channel for buyers whose DMs are closed, unless the builder has a channel of their own.",
  },
  DISCORD_OPERATORS_CHANNEL_ID: {
    schema: snowflake,
    description: "The channel for everything that needs a person.",
  },
  DISCORD_DROP_ROLE_ID: { schema: snowflake, description: "The role that a drop alert pings." },

  TWITCH_CLIENT_ID: { schema: text, description: "The id of the application at Twitch." },
  TWITCH_CLIENT_SECRET: { schema: text, secret: true, description: "That application's secret." },
  TWITCH_EVENTSUB_SECRET: {
    schema: z.pipe(list, z.array(z.string().check(z.regex(/^[\x20-\x7e]{10,100}$/)))),
    secret: true,
    form: "10 to 100 characters, several separated by commas",
    description:
      "Signs Twitch's messages. While it is changed there can be several; new subscriptions use the first.",
  },
  TWITCH_API_BASE_URL: {
    schema: url,
    default: "https://api.twitch.tv/helix",
    description: "Where Twitch's API is.",
  },
  TWITCH_AUTH_BASE_URL: {
    schema: url,
    default: "https://id.twitch.tv/oauth2",
    description: "Where Twitch's sign-in is.",
  },
  TWITCH_PREVIEWS_BASE_URL: {
    schema: url,
    default: "https://static-cdn.jtvnw.net/previews-ttv",
    description: "Where Twitch keeps the pictures of live streams.",
  },
  BUILDER_APPROVAL: {
    schema: z.enum(["staff", "automatic"]),
    default: "staff",
    form: "staff or automatic",
    description:
      "Whether the team approves each builder, or everyone who has proved a channel is a builder at once.",
  },

  STRIPE_SECRET_KEY: { schema: text, secret: true, description: "The key of Stripe's API." },
  STRIPE_READ_KEY: {
    schema: z.string().check(z.trim(), z.regex(/^rk_(?:test|live)_\w+$/)),
    secret: true,
    form: "a restricted key: rk_test_… or rk_live_…",
    description:
      "The key with which the site reads addresses and receipts at Stripe, and nothing else.",
  },
  STRIPE_API_BASE_URL: {
    schema: url,
    default: "https://api.stripe.com",
    description: "Where Stripe's API is.",
  },
  STRIPE_WEBHOOK_SECRETS: {
    schema: list,
    secret: true,
    description: "The signing secrets of Stripe's webhook endpoints, separated by commas.",
  },
  STRIPE_LIVEMODE: {
    schema: z.pipe(
      z.enum(["true", "false"]),
      z.transform((value) => value === "true"),
    ),
    form: "true or false",
    description: "`true` where real money moves. Events of the other mode are ignored.",
  },
  STRIPE_PAYMENT_LINKS: {
    schema: z.optional(z.pipe(list, z.array(z.string().check(z.regex(/^plink_\w{1,100}$/))))),
    form: "ids of Payment Links, such as plink_1Abc, several separated by commas",
    description: "The Payment Links whose sales are merch; without it, those of all links.",
  },
  PLATFORM_FEE_BPS: {
    schema: wholeNumber(0, 5000),
    default: "500",
    form: "basis points from 0 to 5000: 300 is 3%",
    description: "The platform's part of a sale.",
  },
  /** A card payment costs the platform a fixed part. */
  PLATFORM_MIN_FEE: {
    schema: wholeNumber(0, 10_000),
    default: "0",
    form: "minor units from 0 to 10000: 50 is $0.50",
    description: "The least that the platform keeps of a sale.",
  },
  REFUND_ADVANCE_LIMIT: {
    schema: wholeNumber(0, 1_000_000),
    default: "3000",
    form: "minor units from 0 to 1000000: 3000 is $30.00",
    description:
      "The most that the platform advances of a builder's part when their Stripe account cannot cover a refund.",
  },
  RELEASE_HELD_AFTER: {
    schema: z.enum(["proof", "proof-and-shipped"]),
    default: "proof",
    form: "proof or proof-and-shipped",
    description:
      "When held money becomes the builder's: once the order was built on stream, or once it was also shipped.",
  },
  DISPUTE_FEE_PAID_BY: {
    schema: z.enum(["platform", "builder"]),
    default: "platform",
    form: "platform or builder",
    description: "Who bears what Stripe charges for a lost dispute.",
  },
  MIN_ACCOUNT_AGE_DAYS: {
    schema: wholeNumber(0, 365),
    default: "0",
    form: "a whole number of days from 0 to 365",
    description: "How old a Discord account must be to reserve or bid.",
  },
  SHOP_CURRENCY: {
    schema: z.string().check(z.refine(isKnownCurrency)),
    default: "usd",
    form: "one of Stripe's currencies as three lower-case letters, such as usd or eur",
    description: "What drops are priced in.",
  },
  TAX: {
    schema: z.enum(["none", "stripe"]),
    default: "none",
    form: "none or stripe",
    description:
      "Whether Stripe Tax calculates the tax on orders. Its settings need a head office and registrations first.",
  },
  PUBLIC_SITE_URL: {
    schema: webUrl,
    form: "an address that begins with https://",
    description: "Where the site is, such as `https://c500.store`.",
  },

  SHOP_URL: {
    schema: z.optional(webUrl),
    form: "the address of a Payment Link, a shop or a Ko-fi page",
    description: "Where viewers of races buy, unless a lobby has a shop of its own.",
  },
  RACE_RATE_BPS: {
    schema: wholeNumber(0, 10_000),
    default: "2000",
    form: "basis points from 0 to 10000: 2000 is 20%",
    description: "The racers' part of a sale in a new lobby.",
  },
  SHARE_HOLD_DAYS: {
    schema: wholeNumber(0, 365),
    default: "7",
    form: "a whole number of days from 0 to 365",
    description: "How long a share is held before it can be paid out.",
  },
  /** About twenty dollars of every currency that the shop takes. */
  PAYOUT_THRESHOLD: {
    schema: amounts,
    default: "20.00 usd, 20.00 eur, 20.00 gbp, 25.00 cad, 30.00 aud, 2500 jpy",
    form: "amounts with their currencies, several separated by commas: 20.00 usd, 2500 jpy",
    description: "The minimum payout by currency. A currency that is not named has no minimum.",
  },
  /**
   * What racers earn is reported as compensation (Form 1099-NEC, or 1099-MISC) from $2,000 a calendar year on, for
   * payments after 2025; the amount follows inflation from 2027 on:
   * https://www.law.cornell.edu/uscode/text/26/6041 (Public Law 119-21, section 70433). The limit of Form 1099-K,
   * more than $20,000 and more than 200 transactions, is about what sellers are paid for by buyers, and so not about
   * racers: https://www.law.cornell.edu/uscode/text/26/6050W (section 70432).
   */
  TAX_YEARLY_LIMIT: {
    schema: amounts,
    default: "2000.00 usd",
    form: "amounts with their currencies, several separated by commas: 2000.00 usd",
    description: "The yearly total from which the team needs a racer's tax form.",
  },

  /** Setup generates it; if it is lost, so are those debts. */
  FORGOTTEN_KEY: {
    schema: z.pipe(list, z.array(z.string().check(z.regex(/^[\x21-\x7e]{32,100}$/)))),
    secret: true,
    form: "32 to 100 characters without spaces, several separated by commas",
    description:
      "The key under which debts of forgotten people are kept. While it is changed there can be several, the newest first.",
  },

  /** Setup generates it; if it is lost, everyone has to sign in again. */
  SESSION_KEY: {
    schema: z.pipe(list, z.array(z.string().check(z.regex(/^[\x21-\x7e]{32,100}$/)))),
    secret: true,
    form: "32 to 100 characters without spaces, several separated by commas",
    description:
      "Signs the cookies of people who are signed in on the site. While it is changed there can be several, the newest first.",
  },

  UPSTASH_REDIS_REST_URL: { schema: url, description: "The address of the Redis database." },
  UPSTASH_REDIS_REST_TOKEN: {
    schema: text,
    secret: true,
    description: "The token of the Redis database.",
  },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

export type SettingName = keyof typeof settings;
/** The process's environment: read here and nowhere else. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** Replaces a template's placeholder with a function's name. */
export function forFunction(template: string, name: string): string {
  return template.replace("{name}", name);
}

/** Parsed settings. */
export type Config<N extends SettingName = SettingName> = Pick<Parsed<typeof settings>, N>;

/** Parses the named settings once, at the start of an instance. Throws ConfigError as `readSettings` does. */
export function loadConfig<N extends SettingName>(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly N[],
): Config<N> {
  const wanted = Object.fromEntries(names.map((name) => [name, settings[name]]));
  return readSettings(environment, wanted) as Config<N>;
}
