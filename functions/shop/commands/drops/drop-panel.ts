import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import type { ValuesOf } from "../../../../shared/discord/definitions/define-command.ts";
import type { DropChange } from "../../domain/drop-change.ts";
import { changeAnswer, changeOwnDrop } from "../../drops/change-drop.ts";
import { openDraftNow } from "../../drops/open-draft-now.ts";
import { replacePictures } from "../../drops/replace-pictures.ts";
import { dropRefusalTexts } from "../../messages/drop-refusals.ts";
import {
  closeDropButton,
  discardButton,
  openDraftButton,
  removePicturesButton,
  reopenDropButton,
  unscheduleButton,
} from "../buttons.ts";
import type { ShopDeps } from "../shop-deps.ts";

/** Takes a drop off sale, once by the press's id. */
export const closingDrop = /* @__PURE__ */ action(closeDropButton, pressed({ kind: "close" }));

/** Puts a closed drop on sale again, once by the press's id. */
export const reopeningDrop = /* @__PURE__ */ action(reopenDropButton, pressed({ kind: "reopen" }));

/** Lets a draft wait for its builder, once by the press's id. */
export const unscheduling = /* @__PURE__ */ action(
  unscheduleButton,
  pressed({ kind: "schedule", opensAt: undefined }),
);

/** Throws a draft away, once by the press's id. */
export const discarding = /* @__PURE__ */ action(discardButton, pressed({ kind: "discard" }));

/** Removes a drop's pictures, once by the press's id. */
export const removingPictures = /* @__PURE__ */ action(removePicturesButton, {
  run: removePictures,
  isBegun: ({ id }, { dropId }, { drops }: Pick<ShopDeps, "drops">) => drops.hasApplied(dropId, id),
});

async function removePictures(
  use: CommandUse,
  { dropId }: ValuesOf<typeof removePicturesButton>,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const drop = await deps.drops.get(dropId);
  if (!drop) return { content: dropRefusalTexts["not-found"] };
  const text = { title: drop.title, description: drop.description };
  const result = await replacePictures({ use, dropId, text, files: [] }, deps);
  return changeAnswer(result, { kind: "edit", ...text }, deps);
}

/** Opens a draft now. Idempotency and crash safety are those of `openDraftNow`. */
export const openingDraft = /* @__PURE__ */ action(openDraftButton, {
  run: async (use, { dropId }, deps: ShopDeps): Promise<OutgoingMessage> => ({
    content: (await openDraftNow({ use, dropId }, deps)).text,
  }),
  isBegun: ({ id }, { dropId }, { drops }: Pick<ShopDeps, "drops">) => drops.hasApplied(dropId, id),
});

/** What a press of a button that makes one change does. */
function pressed(change: DropChange) {
  return {
    run: (
      use: CommandUse,
      { dropId }: { dropId: string },
      deps: ShopDeps,
    ): Promise<OutgoingMessage> => changeOwnDrop({ use, dropId, change }, deps),
    isBegun: (
      { id }: CommandUse,
      { dropId }: { dropId: string },
      { drops }: Pick<ShopDeps, "drops">,
    ) => drops.hasApplied(dropId, id),
  };
}
