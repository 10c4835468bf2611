import { createHash } from "node:crypto";
import {
  type EventSubSubscription,
  HELIX_LAG_MS,
} from "../../../shared/clients/twitch/connect-twitch.ts";
import { TwitchUnavailableError } from "../../../shared/clients/twitch/errors.ts";
import {
  type EventSubCallback,
  eventSubCallback,
  isOurCallback,
} from "../../../shared/clients/twitch/event-sub-callback.ts";
import { type SendDeps, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import type { SweepTurn } from "../../../shared/runtime/sweep.ts";
import {
  subscriptionStanding,
  subscriptionsWantedFor,
  type WantedSubscription,
} from "../../../shared/twitch/event-subscriptions.ts";
import type { BuilderChannel } from "../../members/store/builders/lists.ts";
import type { Deps } from "../deps.ts";
import {
  type RefusedSubscription,
  revocationNotice,
  revocationsNotice,
  subscriptionsRefusedNotice,
} from "../messages/operators.ts";

/** What keeping the subscriptions needs. */
type KeepSubscriptionsDeps = SendDeps & Pick<Deps, "builders" | "twitch" | "config" | "log">;

/** A run stops when it has asked Twitch for as many changes: each takes a call or two. */
const MAX_CHANGES = 100;
/** Up to this many are reported one by one. */
const MAX_REPORTED_ALONE = 3;
/** Of a time in ISO 8601. */
const DATE_LENGTH = "2026-01-31".length;

/** What was done about one channel. */
interface Kept {
  readonly changes: number;
  readonly refused: readonly RefusedSubscription[];
  /** Ended by the broadcaster or by Twitch, for good. */
  readonly final: readonly EventSubSubscription[];
}

/**
 * Compares Twitch's subscriptions with what our builders' channels should have: creates again what is missing, has
 * ended or was created with an earlier secret, deletes those of builders who are gone, and reports to the
 * operators once what only people can fix. A subscription that the broadcaster or Twitch ended for good stays as
 * it is until the builder registers again.
 *
 * Idempotency, also of two at once: the second learns that a subscription exists, or is gone already. Crash
 * safety: only the cursor is stored, and the next run compares again. A builder who registers meanwhile is no
 * orphan: they are written before Twitch is asked, and Twitch's list is read before ours. While Twitch is down the
 * run stops where it is, and the next one continues there.
 */
export async function keepSubscriptions(
  deps: KeepSubscriptionsDeps,
  turn: SweepTurn,
): Promise<void> {
  const existing = await ourSubscriptions(deps);
  const before = await turn.readCursor();
  const builders = await deps.builders.withTwitch(before, turn.maxItems);
  const end = builders.length === turn.maxItems ? builders.at(-1)?.twitchUserId : undefined;
  const isInTurn = (id: string) => id > (before ?? "") && (end === undefined || id <= end);
  const byChannel = new Map(builders.map((builder) => [builder.twitchUserId, builder]));
  const channels = [...new Set([...byChannel.keys(), ...existing.keys()])].filter(isInTurn).sort();

  const refused: RefusedSubscription[] = [];
  const final: EventSubSubscription[] = [];
  const errors: unknown[] = [];
  let changes = 0;
  let done = before;
  try {
    for (const channel of channels) {
      if (changes >= MAX_CHANGES || !turn.isTimeLeft()) break;
      const result = await keepChannel(
        byChannel.get(channel),
        existing.get(channel) ?? [],
        deps,
      ).catch((error: unknown) => {
        if (error instanceof TwitchUnavailableError) throw error;
        errors.push(error);
        return { changes: 1, refused: [], final: [] };
      });
      refused.push(...result.refused);
      final.push(...result.final);
      changes += result.changes;
      done = channel;
    }
    const last = channels.at(-1);
    if (last === undefined || done === last) done = end;
  } finally {
    if (done !== before) await turn.writeCursor(done);
  }
  await notifyOfEnds(final, deps);
  await notifyOfRefusals(refused, deps);
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} could not be kept`);
}

/** Twitch's subscriptions that send to us, by channel, the oldest first. */
async function ourSubscriptions({ twitch, config }: KeepSubscriptionsDeps) {
  const found = new Map<string, EventSubSubscription[]>();
  for await (const subscription of twitch.subscriptions()) {
    const { twitchUserId } = subscription;
    if (!isOurCallback(subscription.callback, config.FUNCTIONS_BASE_URL)) continue;
    if (twitchUserId === undefined) continue;
    found.set(twitchUserId, [...(found.get(twitchUserId) ?? []), subscription]);
  }
  return found;
}

async function keepChannel(
  builder: BuilderChannel | undefined,
  existing: readonly EventSubSubscription[],
  deps: KeepSubscriptionsDeps,
): Promise<Kept> {
  if (!builder) return { changes: await remove(existing, deps), refused: [], final: [] };
  let changes = 0;
  const callback = callbackOf(deps.config);
  const missing: WantedSubscription[] = [];
  const final: EventSubSubscription[] = [];
  for (const wanted of subscriptionsWantedFor(builder.twitchUserId)) {
    const alike = existing.filter(
      ({ type, version }) => type === wanted.type && version === wanted.version,
    );
    const ended = alike.filter(({ status }) => subscriptionStanding(status) !== "alive");
    const alive = alike.filter((each) => !ended.includes(each));
    const outdated = alive.filter((each) => each.callback !== callback.url);
    const isAlive = outdated.length < alive.length;
    const last = ended.at(-1);
    if (alive.length === 0 && last && subscriptionStanding(last.status) === "final") {
      final.push(last);
      continue;
    }
    // One of an earlier secret is deleted once there is another, so that no event is lost in between.
    changes += await remove(isAlive ? [...ended, ...outdated] : ended, deps);
    if (!isAlive) missing.push(wanted);
  }
  if (missing.length === 0) return { changes, refused: [], final };
  await catchUp(builder, deps);
  const refused = await make(missing, deps);
  return { changes: changes + missing.length, refused, final };
}

function callbackOf(config: KeepSubscriptionsDeps["config"]): EventSubCallback {
  return eventSubCallback(config.FUNCTIONS_BASE_URL, config.TWITCH_EVENTSUB_SECRET);
}

async function remove(
  subscriptions: readonly EventSubSubscription[],
  { twitch, log }: KeepSubscriptionsDeps,
): Promise<number> {
  for (const { id, status, type, twitchUserId } of subscriptions) {
    await twitch.deleteSubscription(id);
    log.info("An EventSub subscription was deleted", { twitchUser: twitchUserId, type, status });
  }
  return subscriptions.length;
}

/** Records what was missed without a subscription, before one is created, so that a crash skips nothing. */
async function catchUp(
  builder: BuilderChannel,
  { twitch, builders, clock }: KeepSubscriptionsDeps,
) {
  const channelId = builder.twitchUserId;
  const stream = await twitch.liveStream({ userId: channelId });
  // Events know better about the last minutes.
  const at = new Date(clock.now().getTime() - HELIX_LAG_MS);
  const status = { channelId, isLive: stream !== undefined, streamId: stream?.id, at };
  await builders.recordStreamStatus(builder.id, status);
}

async function make(
  missing: readonly WantedSubscription[],
  { twitch, config, log }: KeepSubscriptionsDeps,
): Promise<RefusedSubscription[]> {
  const callback = callbackOf(config);
  const refused: RefusedSubscription[] = [];
  for (const wanted of missing) {
    const answer = await twitch.createSubscription(wanted, callback);
    const { type, twitchUserId } = wanted;
    log.warn("An EventSub subscription was missing", { twitchUser: twitchUserId, type, ...answer });
    if (answer.kind === "refused") refused.push({ type, twitchUserId, reason: answer.reason });
  }
  return refused;
}

/**
 * Under the keys of the revocations that Twitch itself sends: the first of the two is reported. Many at once, as
 * when Twitch retires a version, are one message.
 */
async function notifyOfEnds(ended: readonly EventSubSubscription[], deps: KeepSubscriptionsDeps) {
  const { sentMessages, clock, config } = deps;
  const channel = async () => config.DISCORD_OPERATORS_CHANNEL_ID;
  const known = await Promise.all(ended.map(({ id }) => sentMessages.get(`revocation:${id}`)));
  const unreported = ended.filter((_, index) => !known[index]);
  if (unreported.length > MAX_REPORTED_ALONE) {
    const notice = revocationsNotice(unreported);
    const sent = await sendOnce(`revocations:${digestOf(unreported)}`, channel, notice, deps);
    for (const { id } of unreported)
      await sentMessages.record(`revocation:${id}`, sent, clock.now());
    return;
  }
  for (const { id, type, status, twitchUserId = "" } of unreported) {
    await sendOnce(`revocation:${id}`, channel, revocationNotice(twitchUserId, type, status), deps);
  }
}

function digestOf(what: unknown): string {
  return createHash("sha256").update(JSON.stringify(what)).digest("hex");
}

/** One message for all of a run, and none on the same day while the next run is refused the same. */
async function notifyOfRefusals(
  refused: readonly RefusedSubscription[],
  deps: KeepSubscriptionsDeps,
) {
  if (refused.length === 0) return;
  const what = digestOf([refused, deps.clock.now().toISOString().slice(0, DATE_LENGTH)]);
  const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  const notice = subscriptionsRefusedNotice(refused);
  await sendOnce(`subscriptions-refused:${what}`, channel, notice, deps);
}
