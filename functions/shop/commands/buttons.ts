import { documentId } from "../../../shared/discord/definitions/custom-id.ts";
import { defineButton } from "../../../shared/discord/definitions/define-command.ts";

/** Buy Now, under a drop. */
export const buyButton = defineButton({
  name: "drop-buy",
  parts: { dropId: documentId },
  who: "everyone",
  answeredBy: "shop",
});

/** Details, under a drop. */
export const detailsButton = defineButton({
  name: "drop-details",
  parts: { dropId: documentId },
  who: "everyone",
  answeredBy: "shop",
});

/** Give it back, beside the link to pay. */
export const giveBackButton = defineButton({
  name: "order-cancel",
  parts: { orderId: documentId },
  who: "owner",
  answeredBy: "shop",
});

/** Close, in a drop's control panel. */
export const closeDropButton = defineButton({
  name: "drop-close",
  parts: { dropId: documentId },
  who: "owner",
  answeredBy: "shop",
});

/** Reopen, in a drop's control panel. */
export const reopenDropButton = defineButton({
  name: "drop-reopen",
  parts: { dropId: documentId },
  who: "owner",
  answeredBy: "shop",
});

/** Open now, in a draft's control panel. */
export const openDraftButton = defineButton({
  name: "drop-open",
  parts: { dropId: documentId },
  who: "owner",
  answeredBy: "shop",
});

/** Don't open by itself, in the control panel of a draft that has a time. */
export const unscheduleButton = defineButton({
  name: "drop-unschedule",
  parts: { dropId: documentId },
  who: "owner",
  answeredBy: "shop",
});

/** Throw away, in a draft's control panel. */
export const discardButton = defineButton({
  name: "drop-discard",
  parts: { dropId: documentId },
  who: "owner",
  answeredBy: "shop",
});

/** Remove pictures, in the control panel of a drop that has some. */
export const removePicturesButton = defineButton({
  name: "drop-no-pictures",
  parts: { dropId: documentId },
  who: "builder",
  answeredBy: "shop",
});

/** Notify me, under a drop that is sold out. */
export const notifyMeButton = defineButton({
  name: "drop-notify",
  parts: { dropId: documentId },
  who: "everyone",
  limit: "waits",
  answeredBy: "shop",
});

/** Don't notify me, under the answer to Notify me. */
export const leaveListButton = defineButton({
  name: "drop-unnotify",
  parts: { dropId: documentId },
  who: "everyone",
  answeredBy: "shop",
});
