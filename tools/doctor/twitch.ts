import type { Twitch } from "../../shared/clients/twitch/connect-twitch.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { subscriptionStanding } from "../../shared/twitch/event-subscriptions.ts";
import type { Values } from "../settings/values.ts";
import type { Addresses } from "./checks/addresses.ts";
import { openBuilders } from "./checks/installation.ts";
import type { AreaReport } from "./checks/report.ts";
import { compareSubscriptions, comparisonRemedy } from "./checks/twitch.ts";

/** Checks that every registered builder's channel has its subscriptions, enabled and sent to us. */
export async function checkSubscriptions(
  twitch: Twitch,
  values: Values,
  { functionsUrl }: Addresses,
  area: AreaReport,
): Promise<void> {
  const builders = openBuilders(values);
  if (!builders) return;
  try {
    const channels = await compareSubscriptions(twitch, builders, {
      functionsUrl,
      secret: values.TWITCH_EVENTSUB_SECRET ?? "",
    });
    for (const { builder, missing, final } of channels) {
      for (const { wanted, ended } of missing) {
        const last = ended.at(-1);
        const isOutdated = last && subscriptionStanding(last.status) === "alive";
        const why = isOutdated
          ? "was created with an earlier secret"
          : `ended with ${last?.status}`;
        area.wrong(
          `the builder ${builder.id} has no ${wanted.type}${last ? `: it ${why}` : ""}`,
          "The sweeper creates it again within 15 minutes; ./dev setup does at once",
        );
      }
      for (const { type, status } of final) {
        area.wrong(
          `Twitch ended ${type} of the builder ${builder.id} for good: ${status}`,
          "Ask the builder to run /c500 register again, once Twitch accepts the channel again",
        );
      }
    }
    const alive = channels.filter(({ missing, final }) => missing.length + final.length === 0);
    area.ok(`EventSub: ${alive.length} of ${channels.length} builders have all subscriptions`);
  } catch (error) {
    area.wrong(
      `EventSub subscriptions cannot be compared: ${describeError(error)}`,
      comparisonRemedy(error, values.GOOGLE_CLOUD_PROJECT ?? ""),
    );
  }
}
