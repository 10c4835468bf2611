import { type AuctionEngine, createAuctionEngine } from "../auction/engine.ts";
import { connectDiscord, type Discord } from "../clients/discord.ts";
import { createPublisher, type Publisher } from "../clients/pubsub.ts";
import { connectRedis, type RedisConnection } from "../clients/redis.ts";
import { connectStripe, type Stripe } from "../clients/stripe.ts";
import { createTaskQueue, type TaskQueue } from "../clients/tasks.ts";
import { connectTwitch, type Twitch } from "../clients/twitch.ts";
import { connectTwitchSignIn, type TwitchSignIn } from "../clients/twitch-sign-in.ts";
import { createLimiter, type Limiter } from "../limits/limiter.ts";
import type { Connections } from "../ports/connections.ts";
import { type Auctions, createAuctions } from "../store/auctions.ts";
import { type BiddingBars, createBiddingBars } from "../store/bidding-bars.ts";
import { type Bids, createBids } from "../store/bids.ts";
import { type Builders, createBuilders } from "../store/builders.ts";
import { createDeadLetters, type DeadLetters } from "../store/dead-letters.ts";
import { createDebts, type Debts } from "../store/debts.ts";
import { createDisputes, type Disputes } from "../store/disputes.ts";
import { createDrops, type Drops } from "../store/drops.ts";
import { createForgettings, type Forgettings } from "../store/forgettings.ts";
import { createGoLives, type GoLives } from "../store/go-lives.ts";
import { createHosts, type Hosts } from "../store/hosts.ts";
import { createLedger, type Ledger } from "../store/ledger.ts";
import { createLobbies, type Lobbies } from "../store/lobbies.ts";
import { createOrders, type Orders } from "../store/orders.ts";
import { createPayments, type Payments } from "../store/payments.ts";
import { createPayouts, type Payouts } from "../store/payouts.ts";
import { createPersonalData, type PersonalData } from "../store/personal-data.ts";
import { createRaceCommands, type RaceCommands } from "../store/race-commands.ts";
import { createRefunds, type Refunds } from "../store/refunds.ts";
import { createReleases, type Releases } from "../store/releases.ts";
import { createReservations, type Reservations } from "../store/reservations.ts";
import { createSaleDisputes, type SaleDisputes } from "../store/sale-disputes.ts";
import { createSales, type Sales } from "../store/sales.ts";
import { createSentMessages, type SentMessages } from "../store/sent-messages.ts";
import { createSignIns, type SignIns } from "../store/sign-ins.ts";
import { createSweeps, type Sweeps } from "../store/sweeps.ts";
import { createTombstones, type Tombstones } from "../store/tombstones.ts";
import { createUsers, type Users } from "../store/users.ts";
import { createWallets, type Wallets } from "../store/wallets.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";

/** Everything a handler can be given. Each takes the narrowest `Pick` of it. */
export interface Deps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** The try of a task after which it is kept for the operators. */
  readonly lastAttempt: number;
  readonly discord: Discord;
  readonly publisher: Publisher;
  readonly redis: RedisConnection;
  readonly stripe: Stripe;
  readonly tasks: TaskQueue;
  readonly twitch: Twitch;
  readonly twitchSignIn: TwitchSignIn;
  readonly auctionEngine: AuctionEngine;
  readonly auctions: Auctions;
  readonly biddingBars: BiddingBars;
  readonly bids: Bids;
  readonly builders: Builders;
  readonly deadLetters: DeadLetters;
  readonly debts: Debts;
  readonly disputes: Disputes;
  readonly drops: Drops;
  readonly forgettings: Forgettings;
  readonly goLives: GoLives;
  readonly hosts: Hosts;
  readonly ledger: Ledger;
  readonly limiter: Limiter;
  readonly lobbies: Lobbies;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly payouts: Payouts;
  readonly wallets: Wallets;
  readonly personalData: PersonalData;
  readonly raceCommands: RaceCommands;
  readonly refunds: Refunds;
  readonly releases: Releases;
  readonly reservations: Reservations;
  readonly saleDisputes: SaleDisputes;
  readonly sales: Sales;
  readonly sentMessages: SentMessages;
  readonly signIns: SignIns;
  readonly sweeps: Sweeps;
  readonly tombstones: Tombstones;
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
  connections: Connections,
  lastAttempt = Number.POSITIVE_INFINITY,
): Deps {
  const { database, topics, queues, fetch } = connections;
  const redis = connectRedis(config, fetch);
  return {
    config,
    clock,
    log,
    lastAttempt,
    discord: connectDiscord(config, log, fetch),
    publisher: createPublisher(topics),
    redis,
    stripe: connectStripe(config, log, fetch),
    tasks: createTaskQueue(config, queues),
    twitch: connectTwitch(config, clock, fetch),
    twitchSignIn: connectTwitchSignIn(config, clock, log, fetch),
    auctionEngine: createAuctionEngine(redis),
    auctions: createAuctions(database),
    biddingBars: createBiddingBars(database),
    bids: createBids(database),
    builders: createBuilders(database),
    deadLetters: createDeadLetters(database),
    debts: createDebts(database),
    disputes: createDisputes(database),
    drops: createDrops(database),
    forgettings: createForgettings(database),
    goLives: createGoLives(database),
    hosts: createHosts(database),
    ledger: createLedger(database),
    limiter: createLimiter(redis, clock, log),
    lobbies: createLobbies(database),
    orders: createOrders(database),
    payments: createPayments(database),
    payouts: createPayouts(database),
    wallets: createWallets(database),
    personalData: createPersonalData(database),
    raceCommands: createRaceCommands(database),
    refunds: createRefunds(database),
    releases: createReleases(database),
    reservations: createReservations(database),
    saleDisputes: createSaleDisputes(database),
    sales: createSales(database),
    sentMessages: createSentMessages(database),
    signIns: createSignIns(database),
    sweeps: createSweeps(database),
    tombstones: createTombstones(database),
    users: createUsers(database),
  };
}
