import { providers } from "../../functions/races/providers/index.ts";
import type { GivenName } from "./values.ts";

/** A setting that a person has to provide, and where to find it. */
export interface Question {
  readonly name: GivenName;
  readonly what: string;
  readonly where: string;
  /** The installation works without this setting; the text says what is then missing. */
  readonly without?: string;
  /** The question is skipped if all of these are known. */
  readonly unlessKnown?: readonly GivenName[];
}

const PORTAL = "https://discord.com/developers/applications";
const COPY_ID = "Discord, User Settings, Advanced, Developer Mode on; then right-click, Copy";

/** The database's settings: setup creates a database if they are not known. */
const REDIS: readonly GivenName[] = ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"];

/** What `./dev setup` asks for, in this order. `c500.env.example` lists the same settings. */
export const questions: readonly Question[] = [
  {
    name: "GOOGLE_CLOUD_PROJECT",
    what: "Google Cloud project id",
    where: "https://console.cloud.google.com, or: gcloud projects list",
  },
  {
    name: "PUBLIC_SITE_URL",
    what: "Address of the public site, such as https://c500.store",
    where: "the domain of Firebase Hosting; https://PROJECT_ID.web.app until you have one",
  },
  {
    name: "DISCORD_APPLICATION_ID",
    what: "Discord application id",
    where: `${PORTAL}, your application, General Information`,
  },
  {
    name: "DISCORD_PUBLIC_KEY",
    what: "Discord public key",
    where: `${PORTAL}, your application, General Information`,
  },
  {
    name: "DISCORD_BOT_TOKEN",
    what: "Discord bot token",
    where: `${PORTAL}, your application, Bot, Reset Token`,
  },
  {
    name: "DISCORD_CLIENT_SECRET",
    what: "Discord client secret",
    where: `${PORTAL}, your application, OAuth2, Reset Secret`,
  },
  {
    name: "DISCORD_GUILD_ID",
    what: "Id of the community's Discord server",
    where: `${COPY_ID} Server ID`,
  },
  {
    name: "DISCORD_GENERAL_CHANNEL_ID",
    what: "Id of the channel for hangouts",
    where: `${COPY_ID} Channel ID`,
  },
  {
    name: "DISCORD_MARKETPLACE_CHANNEL_ID",
    what: "Id of the channel for drops",
    where: `${COPY_ID} Channel ID`,
  },
  {
    name: "DISCORD_ORDERS_CHANNEL_ID",
    what: "Id of the channel for buyers with closed DMs",
    where: `${COPY_ID} Channel ID`,
  },
  {
    name: "DISCORD_OPERATORS_CHANNEL_ID",
    what: "Id of the operators' channel, which only staff should see",
    where: `${COPY_ID} Channel ID`,
  },
  {
    name: "DISCORD_DROP_ROLE_ID",
    what: "Id of the role that a drop alert pings",
    where: `${COPY_ID} Role ID (Server Settings, Roles)`,
  },
  {
    name: "STRIPE_LIVEMODE",
    what: "Real money: true or false",
    where: "true with a live key, false with a test key",
  },
  {
    name: "STRIPE_SECRET_KEY",
    what: "Stripe secret key",
    where: "https://dashboard.stripe.com/apikeys, in the mode of STRIPE_LIVEMODE",
  },
  {
    name: "STRIPE_READ_KEY",
    what: "Stripe restricted key that may only read Checkout Sessions and charges",
    where: "https://dashboard.stripe.com/apikeys/create, in the same mode",
  },
  {
    name: "TWITCH_CLIENT_ID",
    what: "Twitch client id",
    where: "https://dev.twitch.tv/console/apps, your application, Manage",
  },
  {
    name: "TWITCH_CLIENT_SECRET",
    what: "Twitch client secret",
    where: "https://dev.twitch.tv/console/apps, your application, Manage, New Secret",
  },
  {
    name: "UPSTASH_EMAIL",
    what: "E-mail address of the Upstash account, in which setup creates the database",
    where: "https://console.upstash.com, Account",
    unlessKnown: REDIS,
  },
  {
    name: "UPSTASH_API_KEY",
    what: "Upstash management key",
    where: "https://console.upstash.com, Account, Management API, Create API Key",
    unlessKnown: REDIS,
  },
  ...providers.flatMap((provider): readonly Question[] => provider.questions),
];
