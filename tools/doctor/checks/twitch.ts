import * as z from "zod/mini";
import type { BuilderChannel } from "../../../functions/members/store/builders/lists.ts";
import type { Builders } from "../../../functions/members/store/builders.ts";
import {
  connectTwitch,
  type EventSubSubscription,
  type Twitch,
} from "../../../shared/clients/twitch/connect-twitch.ts";
import { TwitchUnavailableError } from "../../../shared/clients/twitch/errors.ts";
import {
  eventSubCallback,
  isOurCallback,
} from "../../../shared/clients/twitch/event-sub-callback.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { describeError } from "../../../shared/runtime/errors.ts";
import {
  subscriptionStanding,
  subscriptionsWantedFor,
  type WantedSubscription,
} from "../../../shared/twitch/event-subscriptions.ts";
import { configOf, listOf, type Values } from "../../settings/values.ts";
import { googleRemedy } from "./google/rest.ts";
import type { AreaReport } from "./report.ts";

const CONSOLE = "https://dev.twitch.tv/console/apps";
const REQUEST_TIMEOUT_MS = 15_000;
const PAGE = 200;
const SERVER_ERROR = 500;

const refusal = z.object({ message: z.string() });

/** Checks that the client's credentials yield a token. Returns Twitch if they do. */
export async function checkTwitch(values: Values, area: AreaReport): Promise<Twitch | undefined> {
  const config = configOf(values, [
    "TWITCH_CLIENT_ID",
    "TWITCH_CLIENT_SECRET",
    "TWITCH_API_BASE_URL",
    "TWITCH_AUTH_BASE_URL",
  ]);
  if (!config) return undefined;
  try {
    const answer = await fetch(`${config.TWITCH_AUTH_BASE_URL}/token`, {
      method: "POST",
      body: new URLSearchParams({
        client_id: config.TWITCH_CLIENT_ID,
        client_secret: config.TWITCH_CLIENT_SECRET,
        grant_type: "client_credentials",
      }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!answer.ok) {
      const parsed = refusal.safeParse(await answer.json().catch(() => undefined));
      const reason = parsed.success ? parsed.data.message : `status ${answer.status}`;
      const report = answer.status >= SERVER_ERROR ? area.unanswered : area.wrong;
      report(
        `Twitch issues no token for these credentials: ${reason}`,
        `Set TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET to the values of the application at ${CONSOLE}`,
      );
      return undefined;
    }
    await answer.body?.cancel();
    area.ok("the client's credentials are valid");
    return connectTwitch(config, systemClock, fetch);
  } catch (error) {
    area.unanswered(`Twitch does not answer: ${describeError(error)}`, "Run this again in a while");
    return undefined;
  }
}

/** The state of a channel's subscriptions. */
export interface ChannelSubscriptions {
  readonly builder: BuilderChannel;
  /** Missing, created with an earlier secret, or ended in a way that creating them again fixes. */
  readonly missing: readonly { readonly wanted: WantedSubscription; readonly ended: Ended[] }[];
  /** Ended for good, by the channel's owner or by Twitch. */
  readonly final: readonly EventSubSubscription[];
}

type Ended = EventSubSubscription;

/** Compares Twitch's list of subscriptions with what the registered builders' channels need. */
export async function compareSubscriptions(
  twitch: Pick<Twitch, "subscriptions">,
  builders: Pick<Builders, "withTwitch">,
  { functionsUrl, secret }: { readonly functionsUrl: string; readonly secret: string },
): Promise<ChannelSubscriptions[]> {
  const callback = eventSubCallback(functionsUrl, listOf(secret));
  const ours: EventSubSubscription[] = [];
  for await (const subscription of twitch.subscriptions()) {
    if (isOurCallback(subscription.callback, functionsUrl)) ours.push(subscription);
  }
  const compared: ChannelSubscriptions[] = [];
  for await (const builder of allChannels(builders)) {
    const missing: { wanted: WantedSubscription; ended: Ended[] }[] = [];
    const final: EventSubSubscription[] = [];
    for (const wanted of subscriptionsWantedFor(builder.twitchUserId)) {
      const matching = ours.filter(
        ({ type, version, twitchUserId }) =>
          type === wanted.type &&
          version === wanted.version &&
          twitchUserId === wanted.twitchUserId,
      );
      const alive = matching.filter(({ status }) => subscriptionStanding(status) === "alive");
      if (alive.some((each) => each.callback === callback.url)) continue;
      const last = matching.at(-1);
      const isFinal = last && subscriptionStanding(last.status) === "final";
      if (isFinal && alive.length === 0) final.push(last);
      else missing.push({ wanted, ended: matching });
    }
    compared.push({ builder, missing, final });
  }
  return compared;
}

/** What to do when builders and subscriptions could not be compared. */
export function comparisonRemedy(error: unknown, projectId: string): string {
  return error instanceof TwitchUnavailableError
    ? "Twitch does not answer: run this again later"
    : googleRemedy(error, "firestore", projectId);
}

async function* allChannels(builders: Pick<Builders, "withTwitch">) {
  let after: string | undefined;
  for (;;) {
    const page = await builders.withTwitch(after, PAGE);
    yield* page;
    after = page.at(-1)?.twitchUserId;
    if (page.length < PAGE) return;
  }
}
