import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../shared/discord/command-action.ts";
import { changeOwnDrop } from "../drops/change-drop.ts";
import type { DropChange } from "../store/drops.ts";
import { closeDropButton, reopenDropButton } from "./buttons.ts";
import type { ShopDeps } from "./shop-deps.ts";

/** Takes a drop off sale, once by the press's id. */
export const closingDrop = /* @__PURE__ */ action(closeDropButton, pressed({ kind: "close" }));

/** Puts a closed drop on sale again, once by the press's id. */
export const reopeningDrop = /* @__PURE__ */ action(reopenDropButton, pressed({ kind: "reopen" }));

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
