import * as z from "zod/mini";
import { isKnownCurrency, parseAmounts } from "../money/money.ts";

const text = z.string().check(z.trim(), z.minLength(1));
const list = z.pipe(
  text,
  z.transform((value) => value.split(",").map((part) => part.trim())),
);
/** Several while one is changed for another. None of them is empty: anyone could use that. */
const secrets = z.pipe(list, z.array(text));
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
/** The kinds of payments that Ko-fi names in its webhooks. */
const kofiTypes = z.pipe(
  list,
  z.array(z.enum(["Commission", "Donation", "Shop Order", "Subscription"])),
);
const amounts = z.pipe(
  text.check(z.refine((value) => parseAmounts(value) !== undefined)),
  z.transform((value) => parseAmounts(value) ?? new Map<string, number>()),
);
/**
 * What racers earn is reported as compensation (Form 1099-NEC, or 1099-MISC) from $2,000 a calendar year on, for
 * payments after 2025; the amount follows inflation from 2027 on:
 * https://www.law.cornell.edu/uscode/text/26/6041 (Public Law 119-21, section 70433). The limit of Form 1099-K, more
 * than $20,000 and more than 200 transactions, is about what sellers are paid for by buyers, and so not about racers:
 * https://www.law.cornell.edu/uscode/text/26/6050W (section 70432).
 */
const TAX_YEARLY_LIMITS = "2000.00 usd";
/** Of every currency that the shop takes: about twenty dollars. */
const PAYOUT_THRESHOLDS = "20.00 usd, 20.00 eur, 20.00 gbp, 25.00 cad, 30.00 aud, 2500 jpy";
const webUrl = z.pipe(z.string().check(z.trim(), z.regex(/^https?:\/\//)), url);
/** Text in which a function's name has its place. */
const template = z.string().check(z.trim(), z.regex(/^\S*\{name\}\S*$/));
const hostAndPort = z.string().check(z.trim(), z.regex(/^[^/\s]+:\d+$/));

/**
 * Every setting a function may read from its environment. A setting with a default may be left out;
 * so may an optional one. Secrets come from Secret Manager, the rest are plain variables. `form` says
 * what a value looks like, where the name does not.
 */
export const settings = {
  GOOGLE_CLOUD_PROJECT: { schema: text },
  GOOGLE_CLOUD_REGION: { schema: z._default(text, "us-central1") },
  /** The account that a queue's tasks are signed as; `{name}` stands for the queue's name. */
  TASKS_SERVICE_ACCOUNT: { schema: z.optional(template) },
  /** The one address of a function that is known before it is deployed; `{name}` is its name. */
  FUNCTION_URL_TEMPLATE: { schema: template },
  FUNCTIONS_BASE_URL: { schema: url },
  CLOUD_TASKS_EMULATOR_HOST: { schema: z.optional(hostAndPort) },

  DISCORD_APPLICATION_ID: { schema: snowflake },
  DISCORD_PUBLIC_KEY: { schema: z.string().check(z.trim(), z.regex(/^[0-9a-fA-F]{64}$/)) },
  DISCORD_BOT_TOKEN: { schema: text, secret: true },
  DISCORD_API_BASE_URL: { schema: z._default(url, "https://discord.com/api") },
  /** The community's own server: its managers are staff. */
  DISCORD_GUILD_ID: { schema: snowflake },
  DISCORD_GENERAL_CHANNEL_ID: { schema: snowflake },
  DISCORD_MARKETPLACE_CHANNEL_ID: { schema: snowflake },
  DISCORD_ORDERS_CHANNEL_ID: { schema: snowflake },
  DISCORD_OPERATORS_CHANNEL_ID: { schema: snowflake },
  DISCORD_DROP_ROLE_ID: { schema: snowflake },

  TWITCH_CLIENT_ID: { schema: text },
  TWITCH_CLIENT_SECRET: { schema: text, secret: true },
  /** Several with commas while it is changed; new subscriptions are made with the first. */
  TWITCH_EVENTSUB_SECRET: {
    schema: z.pipe(list, z.array(z.string().check(z.regex(/^[\x20-\x7e]{10,100}$/)))),
    secret: true,
  },
  /**
   * Whether the team approves each builder, or everyone who has proved a channel is a builder at once.
   */
  BUILDER_APPROVAL: {
    schema: z._default(z.enum(["staff", "automatic"]), "staff"),
    form: "staff or automatic",
  },
  TWITCH_API_BASE_URL: { schema: z._default(url, "https://api.twitch.tv/helix") },
  TWITCH_AUTH_BASE_URL: { schema: z._default(url, "https://id.twitch.tv/oauth2") },

  STRIPE_SECRET_KEY: { schema: text, secret: true },
  STRIPE_API_BASE_URL: { schema: z._default(url, "https://api.stripe.com") },
  /** One for each endpoint that Stripe sends to, with commas between them. */
  STRIPE_WEBHOOK_SECRETS: { schema: list, secret: true },
  /** "true" where real money moves. Events of the other mode are let go. */
  STRIPE_LIVEMODE: {
    schema: z.pipe(
      z.enum(["true", "false"]),
      z.transform((value) => value === "true"),
    ),
    form: "true or false",
  },
  /** The Payment Links whose sales are merch, with commas between them; all of them unless set. */
  STRIPE_PAYMENT_LINKS: {
    schema: z.optional(z.pipe(list, z.array(z.string().check(z.regex(/^plink_\w{1,100}$/))))),
    form: "ids of Payment Links, such as plink_1Abc, several separated by commas",
  },
  /** The platform's part of a sale, in basis points. */
  PLATFORM_FEE_BPS: {
    schema: z._default(wholeNumber(0, 5000), 500),
    form: "basis points from 0 to 5000: 300 is 3 %",
  },
  /** The least that the platform keeps of a sale, in minor units: a card payment costs it a fixed part. */
  PLATFORM_MIN_FEE: {
    schema: z._default(wholeNumber(0, 10_000), 0),
    form: "minor units from 0 to 10000: 50 is $0.50",
  },
  /**
   * What the platform advances of a builder's part when they refund more than their Stripe account can give
   * back, in minor units of the shop's currency.
   */
  REFUND_ADVANCE_LIMIT: {
    schema: z._default(wholeNumber(0, 1_000_000), 3000),
    form: "minor units from 0 to 1000000: 3000 is $30.00",
  },
  /** Who bears what Stripe charges for a dispute that is lost. */
  DISPUTE_FEE_PAID_BY: {
    schema: z._default(z.enum(["platform", "builder"]), "platform"),
    form: "platform or builder",
  },
  /** How old a Discord account has to be to reserve or bid, in days; 0 asks for no age. */
  MIN_ACCOUNT_AGE_DAYS: {
    schema: z._default(wholeNumber(0, 365), 0),
    form: "a whole number of days from 0 to 365",
  },
  SHOP_CURRENCY: {
    schema: z._default(z.string().check(z.refine(isKnownCurrency)), "usd"),
    form: "one of Stripe's currencies as three lower-case letters, such as usd or eur",
  },
  /** Where people find the shop: C500.store. */
  PUBLIC_SITE_URL: { schema: webUrl, form: "an address that begins with https://" },

  /** Where viewers of races buy, unless a lobby has a shop of its own. */
  SHOP_URL: {
    schema: z.optional(webUrl),
    form: "the address of a Payment Link, a Shopify shop or a Ko-fi page",
  },

  /** Ko-fi's token for its webhooks, or several separated by commas; without it Ko-fi's are refused. */
  KOFI_VERIFICATION_TOKEN: { schema: z.optional(secrets), secret: true },
  /** The kinds of Ko-fi payments that count as sales; tips, which Ko-fi calls donations, only if named. */
  KOFI_SALE_TYPES: {
    schema: z._default(kofiTypes, ["Shop Order", "Commission"]),
    form: "Commission, Donation, Shop Order or Subscription, several separated by commas",
  },
  /** The client secret of the Shopify app, or several separated by commas; without it Shopify's are refused. */
  SHOPIFY_WEBHOOK_SECRET: { schema: z.optional(secrets), secret: true },
  /** Racers' part of a sale in a new lobby, in basis points. */
  RACE_RATE_BPS: {
    schema: z._default(wholeNumber(0, 10_000), 2000),
    form: "basis points from 0 to 10000: 2000 is 20 %",
  },
  /** So long after a sale was booked its shares may be paid out. */
  SHARE_HOLD_DAYS: {
    schema: z._default(wholeNumber(0, 365), 7),
    form: "a whole number of days from 0 to 365",
  },
  /** The minimum payout by currency; a currency that is not named has none. */
  PAYOUT_THRESHOLD: {
    schema: z._default(amounts, parseAmounts(PAYOUT_THRESHOLDS) ?? new Map()),
    form: "amounts with their currencies, several separated by commas: 20.00 usd, 2500 jpy",
  },
  /** The yearly total from which the team needs a racer's tax form; what United States law asks for by default. */
  TAX_YEARLY_LIMIT: {
    schema: z._default(amounts, parseAmounts(TAX_YEARLY_LIMITS) ?? new Map()),
    form: "amounts with their currencies, several separated by commas: 2000.00 usd",
  },

  /**
   * The key under which debts of forgotten people are kept; several separated by commas while it is changed,
   * the newest first. Setup generates it; if it is lost, so are those debts.
   */
  FORGOTTEN_KEY: {
    schema: z.pipe(list, z.array(z.string().check(z.regex(/^[\x21-\x7e]{32,100}$/)))),
    secret: true,
    form: "32 to 100 characters without spaces, several separated by commas",
  },

  UPSTASH_REDIS_REST_URL: { schema: url },
  UPSTASH_REDIS_REST_TOKEN: { schema: text, secret: true },
} as const;

export type SettingName = keyof typeof settings;
/** The process's environment: read here and nowhere else. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** Fills a function's name in where a setting has a place for it. */
export function forFunction(template: string, name: string): string {
  return template.replace("{name}", name);
}

type Settings = { readonly [N in SettingName]: z.output<(typeof settings)[N]["schema"]> };
/** The settings that were asked for, parsed. */
export type Config<N extends SettingName = SettingName> = Pick<Settings, N>;

/** One or more settings are missing or malformed; the message names each. The start must stop. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Parses the named settings once, at the start of an instance.
 * Throws ConfigError naming every missing or malformed one; values never appear in the message.
 */
export function loadConfig<N extends SettingName>(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly N[],
): Config<N> {
  const problems: string[] = [];
  const parsed = names.map((name) => {
    const value = environment[name] === "" ? undefined : environment[name];
    const result = settings[name].schema.safeParse(value);
    if (!result.success) {
      problems.push(value === undefined ? `${name} is missing` : malformed(name));
    }
    return [name, result.data];
  });
  if (problems.length > 0) throw new ConfigError(`Bad configuration: ${problems.join(", ")}.`);
  return Object.fromEntries(parsed) as Config<N>;
}

/** Says what the value should look like, where the name does not. */
function malformed(name: SettingName): string {
  const { form } = settings[name] as { readonly form?: string };
  return form === undefined ? `${name} is malformed` : `${name} is malformed (expected: ${form})`;
}
