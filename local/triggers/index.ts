import { bringCast, type Stage } from "../demo/cast.ts";
import {
  bidTrigger,
  disputeEndTrigger,
  disputeTrigger,
  orderTrigger,
  refundTrigger,
} from "./orders.ts";
import { repeatTrigger, saleTrigger } from "./sales.ts";
import { streamEndTrigger, streamTrigger } from "./streams.ts";
import { type Trigger, type Triggered, triggerSet } from "./trigger.ts";

export type { Trigger, Triggered };

/** Every trigger, in the order of the lists. */
export const triggers: readonly Trigger[] = [
  streamTrigger,
  streamEndTrigger,
  orderTrigger,
  bidTrigger,
  saleTrigger,
  refundTrigger,
  disputeTrigger,
  disputeEndTrigger,
  repeatTrigger,
];

/** Makes one event on the cloud as it is. Throws with the reason when it is not possible. */
export async function runTrigger(
  stage: Stage,
  name: string,
  options: Readonly<Record<string, string | undefined>>,
): Promise<Triggered> {
  const trigger = triggers.find((each) => each.name === name);
  if (!trigger) throw new Error(`There is no trigger "${name}".`);
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(trigger.options, option));
  if (unknown !== undefined) throw new Error(`${name} has no option "${unknown}".`);
  bringCast(stage);
  return trigger.run(triggerSet(stage, options));
}
