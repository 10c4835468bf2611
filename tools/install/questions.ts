import type { GivenName } from "../settings/values.ts";

/** One of the six answers that a person types. It may have parts, typed on one line or one by one. */
export interface InstallQuestion {
  readonly name: string;
  readonly what: string;
  readonly where: readonly string[];
  readonly parts: readonly { readonly setting: GivenName; readonly what: string }[];
}

const PORTAL = "https://discord.com/developers/applications";

/** What `./dev install` asks, besides the billing account, which it chooses from the account's list. */
export const installQuestions = {
  project: {
    name: "Google project",
    what: "The name of the Google Cloud project, which is created if it does not exist",
    where: [
      "Choose one: 6 to 30 lower-case letters, digits and hyphens, unique in the world, such as c500-live-4711.",
    ],
    parts: [{ setting: "GOOGLE_CLOUD_PROJECT", what: "the project's name" }],
  },
  discord: {
    name: "Discord bot",
    what: "The bot's token, and the application's client secret",
    where: [
      `${PORTAL}: New Application, then Bot, Reset Token;`,
      "and OAuth2, Reset Secret. Everything else is read from the token.",
    ],
    parts: [
      { setting: "DISCORD_BOT_TOKEN", what: "the bot's token" },
      { setting: "DISCORD_CLIENT_SECRET", what: "the client secret" },
    ],
  },
  stripe: {
    name: "Stripe keys",
    what: "The secret key, and a restricted key for the site",
    where: [
      "https://dashboard.stripe.com/apikeys: the secret key, sk_test_… to begin with;",
      "https://dashboard.stripe.com/apikeys/create: a restricted key that may read Checkout Sessions, and Charges and Refunds, and nothing else.",
    ],
    parts: [
      { setting: "STRIPE_SECRET_KEY", what: "the secret key" },
      { setting: "STRIPE_READ_KEY", what: "the restricted key" },
    ],
  },
  twitch: {
    name: "Twitch application",
    what: "The application's client ID and secret",
    where: [
      "https://dev.twitch.tv/console/apps: Register Your Application, with Client Type Confidential,",
      "Category Application Integration; then Manage, New Secret.",
    ],
    parts: [
      { setting: "TWITCH_CLIENT_ID", what: "the client ID" },
      { setting: "TWITCH_CLIENT_SECRET", what: "the client secret" },
    ],
  },
  upstash: {
    name: "Upstash key",
    what: "The account's e-mail address and a management key",
    where: [
      "https://console.upstash.com: add a payment method, then Account, Management API, Create API Key.",
    ],
    parts: [
      { setting: "UPSTASH_EMAIL", what: "the e-mail address" },
      { setting: "UPSTASH_API_KEY", what: "the management key" },
    ],
  },
} as const satisfies Readonly<Record<string, InstallQuestion>>;
