import { LocalClock } from "../local/kit/clock.ts";
import { FaultPlan } from "../local/kit/faults.ts";
import { startPubSub } from "../local/pubsub/index.ts";
import { provision } from "../local/pubsub/provision.ts";

/** The local Pub/Sub in a process of its own; it tells its parent where it listens. */
const pubsub = await startPubSub({ clock: new LocalClock(), faults: new FaultPlan() });
await provision(pubsub.host, "bench", { topics: ["discord-commands"], subscriptions: [] });
process.send?.(pubsub.host);
