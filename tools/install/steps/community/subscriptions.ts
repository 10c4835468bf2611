import type { Twitch } from "../../../../shared/clients/twitch/connect-twitch.ts";
import { isOurCallback } from "../../../../shared/clients/twitch/event-sub-callback.ts";
import { openBuilders } from "../../../doctor/checks/installation.ts";
import { Report } from "../../../doctor/checks/report.ts";
import { checkTwitch } from "../../../doctor/checks/twitch.ts";
import { checkSubscriptions } from "../../../doctor/twitch.ts";
import { setUpSubscriptions } from "../../../setup/event-sub.ts";
import type { Installation } from "../../installation.ts";
import { BlockedError, carryOut, RUN_AGAIN, type Step, standingOf } from "../../step.ts";

/** EventSub's subscriptions of builders' channels. At first there are none: `/c500 register` creates each. */
export const subscriptions: Step = {
  name: "Twitch subscriptions",
  async check(installation) {
    const twitch = await openTwitch(installation);
    const { values, addresses } = installation;
    const known = { ...values, TWITCH_EVENTSUB_SECRET: await eventSubSecret(installation) };
    return await standingOf("every builder's channel has them", "missing", (area) =>
      checkSubscriptions(twitch, known, addresses, area),
    );
  },
  async run(installation) {
    const twitch = await openTwitch(installation);
    const { projectId, addresses, values } = installation;
    const builders = openBuilders(values);
    if (!builders) return;
    const secret = await eventSubSecret(installation);
    const { functionsUrl } = addresses;
    await carryOut((area) =>
      setUpSubscriptions({ twitch, builders, projectId, functionsUrl, secret, area }),
    );
  },
  async undo(installation) {
    const twitch = await findTwitch(installation);
    const { FUNCTIONS_BASE_URL: functionsUrl } = installation.values;
    if (!twitch || functionsUrl === undefined) return undefined;
    const ours: string[] = [];
    for await (const { id, callback } of twitch.subscriptions()) {
      if (isOurCallback(callback, functionsUrl)) ours.push(id);
    }
    for (const id of ours) await twitch.deleteSubscription(id);
    return ours.length > 0 ? `${ours.length} subscriptions are deleted at Twitch` : undefined;
  },
};

async function eventSubSecret({ secrets }: Installation): Promise<string> {
  return (await secrets.newest("TWITCH_EVENTSUB_SECRET"))?.value ?? "";
}

async function openTwitch(installation: Installation): Promise<Twitch> {
  const twitch = await findTwitch(installation);
  if (twitch) return twitch;
  throw new BlockedError("Twitch does not accept the application any more", RUN_AGAIN);
}

async function findTwitch({ values }: Installation): Promise<Twitch | undefined> {
  return await checkTwitch(values, new Report(() => undefined).area(""));
}
