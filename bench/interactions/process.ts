import { startPubSub } from "../../local/google/pubsub/index.ts";
import { provision } from "../../local/google/pubsub/provision.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import { startUpstash } from "../../local/upstash/index.ts";

/**
 * The services of a deferred command, in their own process, which reports the settings for reaching
 * them.
 */
const common = { clock: new LocalClock(), faults: new FaultPlan() };
const token = "bench";
const pubsub = await startPubSub(common);
const upstash = await startUpstash({ ...common, token });
await provision(pubsub.host, "bench", { topics: ["discord-commands"], subscriptions: [] });
process.once("disconnect", () => {
  void upstash.stop().finally(() => process.exit());
});
process.send?.({
  PUBSUB_EMULATOR_HOST: pubsub.host,
  UPSTASH_REDIS_REST_URL: upstash.url,
  UPSTASH_REDIS_REST_TOKEN: token,
});
