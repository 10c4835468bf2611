import { community } from "./community.ts";
import type { CloudSecrets } from "./secrets.ts";

/**
 * The running services that settings refer to; undefined where the environment names another
 * server.
 */
interface CloudParts {
  readonly projectId: string;
  readonly region: string;
  readonly functions: { readonly url: string; readonly runUrl: string };
  readonly hosting: Addressed;
  readonly discordPublicKey: string;
  readonly upstashEmail: string;
  readonly firestore: (Hosted & { readonly adminUrl: string }) | undefined;
  readonly pubsub: Hosted | undefined;
  readonly tasks: Hosted | undefined;
  readonly vault: Hosted | undefined;
  readonly project: Hosted | undefined;
  readonly upstash: Addressed | undefined;
  readonly upstashManagement: Addressed | undefined;
  readonly discord: Addressed | undefined;
  readonly stripe: Addressed | undefined;
  readonly twitch: Addressed | undefined;
}

interface Addressed {
  readonly url: string;
}

interface Hosted {
  readonly host: string;
}

/** All settings of the functions, before those of the environment. */
export function settingsOf(
  parts: CloudParts,
  secrets: CloudSecrets,
): Record<string, string | undefined> {
  const { functions, firestore, upstashManagement, discord, twitch } = parts;
  return {
    GOOGLE_CLOUD_PROJECT: parts.projectId,
    GOOGLE_CLOUD_REGION: parts.region,
    FUNCTIONS_BASE_URL: functions.url,
    FUNCTION_URL_TEMPLATE: `${functions.runUrl}/{name}`,
    TASKS_SERVICE_ACCOUNT: `tasks-{name}@${parts.projectId}.iam.gserviceaccount.com`,
    FIRESTORE_EMULATOR_HOST: firestore?.host,
    PUBSUB_EMULATOR_HOST: parts.pubsub?.host,
    FIRESTORE_ADMIN_EMULATOR_HOST: firestore && new URL(firestore.adminUrl).host,
    SECRET_MANAGER_EMULATOR_HOST: parts.vault?.host,
    CLOUD_RESOURCE_MANAGER_EMULATOR_HOST: parts.project?.host,
    CLOUD_QUOTAS_EMULATOR_HOST: parts.project?.host,
    CLOUD_RUN_EMULATOR_HOST: parts.project?.host,
    GOOGLE_APIS_EMULATOR_HOST: parts.project?.host,
    CLOUD_TASKS_EMULATOR_HOST: parts.tasks?.host,
    UPSTASH_REDIS_REST_URL: parts.upstash?.url,
    UPSTASH_REDIS_REST_TOKEN: secrets.redis,
    UPSTASH_MANAGEMENT_URL: upstashManagement?.url,
    UPSTASH_EMAIL: upstashManagement && parts.upstashEmail,
    UPSTASH_API_KEY: upstashManagement && secrets.upstashAccount,
    DISCORD_APPLICATION_ID: community.applicationId,
    DISCORD_PUBLIC_KEY: parts.discordPublicKey,
    DISCORD_BOT_TOKEN: secrets.botToken,
    DISCORD_CLIENT_SECRET: secrets.discordClient,
    DISCORD_API_BASE_URL: discord && `${discord.url}/api`,
    DISCORD_GUILD_ID: community.guildId,
    DISCORD_INVITE_URL: "https://discord.gg/c500-local",
    DISCORD_GENERAL_CHANNEL_ID: community.generalChannelId,
    DISCORD_MARKETPLACE_CHANNEL_ID: community.marketplaceChannelId,
    DISCORD_ORDERS_CHANNEL_ID: community.ordersChannelId,
    DISCORD_OPERATORS_CHANNEL_ID: community.operatorsChannelId,
    DISCORD_DROP_ROLE_ID: community.dropRoleId,
    TWITCH_CLIENT_ID: "c500-local",
    TWITCH_CLIENT_SECRET: secrets.twitchClient,
    TWITCH_EVENTSUB_SECRET: secrets.eventSub,
    FORGOTTEN_KEY: secrets.forgottenKey,
    SESSION_KEY: secrets.sessionKey,
    TWITCH_API_BASE_URL: twitch && `${twitch.url}/helix`,
    TWITCH_PREVIEWS_BASE_URL: twitch && `${twitch.url}/previews-ttv`,
    TWITCH_AUTH_BASE_URL: twitch && `${twitch.url}/oauth2`,
    STRIPE_SECRET_KEY: secrets.stripe,
    STRIPE_READ_KEY: secrets.stripeReading,
    STRIPE_API_BASE_URL: parts.stripe?.url,
    STRIPE_WEBHOOK_SECRETS: [secrets.stripeEvents, secrets.stripeConnectEvents].join(),
    STRIPE_LIVEMODE: "false",
    ...secrets.shops,
    PUBLIC_SITE_URL: parts.hosting.url,
  };
}
