import { connectDiscord, type Discord } from "../clients/discord.ts";
import { connectFirestore, type Database } from "../clients/firestore.ts";
import { connectPublisher, type Publisher } from "../clients/pubsub.ts";
import { connectRedis, type RedisConnection } from "../clients/redis.ts";
import { connectTasks, type TaskQueue } from "../clients/tasks.ts";
import { connectTwitch, type Twitch } from "../clients/twitch.ts";
import { type Builders, createBuilders } from "../store/builders.ts";
import { createDeadLetters, type DeadLetters } from "../store/dead-letters.ts";
import { createGoLives, type GoLives } from "../store/go-lives.ts";
import { createOrders, type Orders } from "../store/orders.ts";
import { createSentMessages, type SentMessages } from "../store/sent-messages.ts";
import { createUsers, type Users } from "../store/users.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";

/** Everything a handler can be given. Each takes the narrowest `Pick` of it. */
export interface Deps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly discord: Discord;
  readonly publisher: Publisher;
  readonly redis: RedisConnection;
  readonly tasks: TaskQueue;
  readonly twitch: Twitch;
  readonly builders: Builders;
  readonly deadLetters: DeadLetters;
  readonly goLives: GoLives;
  readonly orders: Orders;
  readonly sentMessages: SentMessages;
  readonly users: Users;
}

/**
 * Wires one instance's dependencies. Nothing connects and no library loads before its first use.
 * `config` may hold only what the function's row in the manifest lists: a handler that reaches for
 * more is a defect that its first call shows.
 */
export function createDeps(
  config: Config,
  clock: Clock,
  log: Log,
  publishDeadlineMs: number,
): Deps {
  const database: Database = connectFirestore(config);
  return {
    config,
    clock,
    log,
    discord: connectDiscord(config),
    publisher: connectPublisher(config, publishDeadlineMs),
    redis: connectRedis(config),
    tasks: connectTasks(config),
    twitch: connectTwitch(config, clock),
    builders: createBuilders(database),
    deadLetters: createDeadLetters(database),
    goLives: createGoLives(database),
    orders: createOrders(database),
    sentMessages: createSentMessages(database),
    users: createUsers(database),
  };
}
