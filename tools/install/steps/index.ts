import type { Step } from "../step.ts";
import { discordBot, discordRedirect } from "./accounts/discord-bot.ts";
import { discordChannels, discordPermissions, discordServer } from "./accounts/discord-server.ts";
import { stripeConnect, stripeKeys } from "./accounts/stripe.ts";
import { twitchApplication, twitchRedirect } from "./accounts/twitch.ts";
import { redis, upstashKey } from "./accounts/upstash.ts";
import { build, foundation, functions } from "./cloud/applies.ts";
import { secretValues, variables, webhooks } from "./cloud/secrets.ts";
import { ownVariables, quota, terraformInit } from "./cloud/terraform-files.ts";
import { commands, interactions } from "./community/discord.ts";
import { doctor, firstLive, savedSecrets } from "./community/last.ts";
import { databaseRules, deployedSite } from "./community/site.ts";
import { subscriptions } from "./community/subscriptions.ts";
import { billing } from "./google/billing.ts";
import { firebase, site } from "./google/firebase.ts";
import { project } from "./google/project.ts";
import { quotaProject } from "./google/quota-project.ts";
import { services } from "./google/services.ts";
import { signIn } from "./google/sign-in.ts";
import { stateBucket } from "./google/state-bucket.ts";
import { tools } from "./google/tools.ts";

/**
 * From a clone to a running community, in this order; a removal goes the other way. What a person types comes before
 * what takes long: after the Redis database nothing is asked any more.
 */
export const steps: readonly Step[] = [
  tools,
  signIn,
  project,
  billing,
  services,
  quotaProject,
  stateBucket,
  firebase,
  site,
  discordBot,
  discordServer,
  discordChannels,
  discordPermissions,
  discordRedirect,
  stripeKeys,
  stripeConnect,
  twitchApplication,
  twitchRedirect,
  upstashKey,
  redis,
  ownVariables,
  terraformInit,
  foundation,
  secretValues,
  webhooks,
  variables,
  quota,
  build,
  functions,
  deployedSite,
  databaseRules,
  commands,
  interactions,
  subscriptions,
  savedSecrets,
  doctor,
  firstLive,
];
