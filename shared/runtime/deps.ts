import { connectDiscord, type Discord } from "../clients/discord/connect-discord.ts";
import { connectDiscordSignIn, type DiscordSignIn } from "../clients/discord-sign-in.ts";
import { createPublisher, type Publisher } from "../clients/pubsub.ts";
import { connectRedis, type RedisConnection } from "../clients/redis.ts";
import { connectStripe, type Stripe } from "../clients/stripe/connect-stripe.ts";
import { connectStripeReader, type StripeReader } from "../clients/stripe/reading.ts";
import { createTaskQueue, type TaskQueue } from "../clients/tasks.ts";
import { connectTwitch, type Twitch } from "../clients/twitch/connect-twitch.ts";
import { connectTwitchSignIn, type TwitchSignIn } from "../clients/twitch/sign-in.ts";
import { createUsers, type Users } from "../discord/users.ts";
import { createSentMessages, type SentMessages } from "../documents/sent-messages.ts";
import { createSweeps, type Sweeps } from "../documents/sweeps.ts";
import { createLimiter, type Limiter } from "../limits/limiter.ts";
import { createLedger, type Ledger } from "../money/ledger-store.ts";
import type { Connections } from "../ports/connections.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";

/** The dependencies of every feature. Each feature adds its own in `functions/<feature>/deps.ts`. */
export interface PlatformDeps {
  readonly config: Config;
  /** Values of the settings that the function's feature defines, as they were given. */
  readonly ownSettings: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
  /** The attempt after which a failing task becomes a dead letter. */
  readonly lastAttempt: number;
  readonly discord: Discord;
  readonly discordSignIn: DiscordSignIn;
  readonly publisher: Publisher;
  readonly redis: RedisConnection;
  readonly stripe: Stripe;
  readonly stripeReader: StripeReader;
  readonly tasks: TaskQueue;
  readonly twitch: Twitch;
  readonly twitchSignIn: TwitchSignIn;
  readonly ledger: Ledger;
  readonly limiter: Limiter;
  readonly sentMessages: SentMessages;
  readonly sweeps: Sweeps;
  readonly users: Users;
}

/**
 * Wires one instance's platform dependencies. Nothing connects and no library loads before its first use. `config`
 * may contain only the settings that the function's row in the manifest lists: a handler that uses another one
 * fails on its first call.
 */
export function createPlatformDeps(
  config: Config,
  clock: Clock,
  log: Log,
  connections: Connections,
  lastAttempt = Number.POSITIVE_INFINITY,
  ownSettings: PlatformDeps["ownSettings"] = {},
): PlatformDeps {
  const { database, topics, queues, fetch } = connections;
  const redis = connectRedis(config, fetch);
  return {
    config,
    ownSettings,
    clock,
    log,
    lastAttempt,
    discord: connectDiscord(config, log, fetch),
    discordSignIn: connectDiscordSignIn(config, clock, log, fetch),
    publisher: createPublisher(topics),
    redis,
    stripe: connectStripe(config, log, fetch),
    stripeReader: connectStripeReader(config, fetch),
    tasks: createTaskQueue(config, queues),
    twitch: connectTwitch(config, clock, fetch),
    twitchSignIn: connectTwitchSignIn(config, clock, log, fetch),
    ledger: createLedger(database),
    limiter: createLimiter(redis, clock, log),
    sentMessages: createSentMessages(database),
    sweeps: createSweeps(database),
    users: createUsers(database),
  };
}
