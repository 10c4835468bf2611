import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import type { ValuesOf } from "../../../shared/discord/definitions/define-command.ts";
import { type NotifyDeps, notify } from "../../../shared/discord/sending/notify.ts";
import type { Deps } from "../deps.ts";
import { arrivedNotice, arrivedText, parcelRefusalTexts } from "../messages/parcels.ts";
import { arrivedButton } from "./buttons.ts";

type ArrivedDeps = NotifyDeps & Pick<Deps, "parcels" | "parcelMoves" | "clock">;

/** It arrived: the buyer confirms it, once; the builder is notified. A repeat finds it and says the same. */
export const confirmingArrival = /* @__PURE__ */ action(arrivedButton, {
  run: confirm,
  isBegun: async (_use, { parcelId }, { parcels }: Pick<Deps, "parcels">) =>
    (await parcels.get(parcelId))?.state === "arrived",
});

async function confirm(
  { userId }: CommandUse,
  { parcelId }: ValuesOf<typeof arrivedButton>,
  deps: ArrivedDeps,
): Promise<OutgoingMessage> {
  const parcel = await deps.parcels.get(parcelId);
  if (parcel?.buyerId !== userId) return { content: parcelRefusalTexts["not-yours"] };
  const arrived = await deps.parcelMoves.arrive(parcelId, "buyer", deps.clock.now());
  if (!arrived) return { content: parcelRefusalTexts["not-sent"] };
  await notify(`parcel-arrived:${parcelId}`, parcel.builderId, arrivedNotice(arrived), deps);
  return { content: arrivedText };
}
