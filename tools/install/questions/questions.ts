import type { GivenName } from "../../settings/values.ts";

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
    what: "The ID of the Google Cloud project",
    where: [
      "For a new project choose one, unique in the world, such as c500-live-4711: 6 to 30 lower-case letters,",
      "digits and hyphens. Or type the ID of a project of yours: https://console.cloud.google.com/cloud-resource-manager.",
    ],
    parts: [{ setting: "GOOGLE_CLOUD_PROJECT", what: "the project ID" }],
  },
  discord: {
    name: "Discord bot",
    what: "The bot's token, and the application's client secret",
    where: [`${PORTAL}: New Application; then Bot, Reset Token; then OAuth2, Reset Secret.`],
    parts: [
      { setting: "DISCORD_BOT_TOKEN", what: "the bot's token" },
      { setting: "DISCORD_CLIENT_SECRET", what: "the client secret" },
    ],
  },
  stripe: {
    name: "Stripe keys",
    what: "The secret key, and a restricted key for the site",
    where: [
      "https://dashboard.stripe.com/apikeys, in test mode to begin with: the secret key, sk_test_…; then",
      "Create restricted key, with Checkout Sessions: Read and Charges and Refunds: Read, and nothing else.",
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
      "https://dev.twitch.tv/console/apps: Register Your Application, with Category Application Integration and",
      "Client Type Confidential; then Manage, New Secret.",
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
