import type { Builders } from "../../functions/members/store/builders.ts";
import type { EventSubSubscription, Twitch } from "../../shared/clients/twitch/connect-twitch.ts";
import { eventSubCallback } from "../../shared/clients/twitch/event-sub-callback.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { subscriptionStanding } from "../../shared/twitch/event-subscriptions.ts";
import type { AreaReport } from "../doctor/checks/report.ts";
import {
  type ChannelSubscriptions,
  compareSubscriptions,
  comparisonRemedy,
} from "../doctor/checks/twitch.ts";
import { listOf } from "../settings/values.ts";

/** What setting up the subscriptions needs. */
export interface EventSubSetup {
  readonly twitch: Twitch;
  readonly builders: Builders;
  readonly projectId: string;
  readonly functionsUrl: string;
  readonly secret: string;
  readonly area: AreaReport;
}

/** Creates the subscriptions that registered builders' channels lack, and those that have ended. */
export async function setUpSubscriptions(setup: EventSubSetup): Promise<void> {
  const { twitch, builders, area, projectId } = setup;
  const channels = await compareSubscriptions(twitch, builders, setup).catch((error: unknown) => {
    const remedy = comparisonRemedy(error, projectId);
    area.wrong(`builders and subscriptions cannot be compared: ${describeError(error)}`, remedy);
  });
  if (!channels) return;
  let made = 0;
  for (const channel of channels) made += await setUpChannel(channel, setup);
  if (made > 0) area.changed(`${made} EventSub subscriptions were created`);
  const complete = channels.filter(({ missing }) => missing.length === 0).length;
  area.ok(
    `${complete} of ${channels.length} builders already had all their EventSub subscriptions`,
  );
}

async function setUpChannel(
  { builder, missing, final }: ChannelSubscriptions,
  { twitch, functionsUrl, secret, area }: EventSubSetup,
): Promise<number> {
  for (const { type, status } of final) {
    area.byHand(
      `Twitch ended ${type} of the builder ${builder.id} for good: ${status}`,
      "Ask the builder to run /c500 register again, once Twitch accepts the channel again",
    );
  }
  const callback = eventSubCallback(functionsUrl, listOf(secret));
  let made = 0;
  for (const { wanted, ended } of missing) {
    try {
      const [outdated, over] = [ended.filter(isAlive), ended.filter((each) => !isAlive(each))];
      for (const { id } of over) await twitch.deleteSubscription(id);
      const answer = await twitch.createSubscription(wanted, callback);
      if (answer.kind === "refused") throw new Error(answer.reason);
      // The one with an earlier secret is deleted only after its replacement exists, so that no event is lost.
      for (const { id } of outdated) await twitch.deleteSubscription(id);
      made += 1;
    } catch (error) {
      area.wrong(
        `Twitch refused ${wanted.type} of the builder ${builder.id}: ${describeError(error)}`,
        "Check that their Twitch account still exists; otherwise run this again later",
      );
    }
  }
  return made;
}

function isAlive({ status }: EventSubSubscription): boolean {
  return subscriptionStanding(status) === "alive";
}
