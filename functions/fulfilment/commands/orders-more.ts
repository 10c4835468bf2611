import { documentId, wholeNumber } from "../../../shared/discord/definitions/custom-id.ts";
import { defineButton } from "../../../shared/discord/definitions/define-command.ts";

/** In place of a builder's id: the orders of all of them. */
export const ALL = "all";

/** The last page that is shown: a list's first fifty rows. The desk shows the rest. */
export const MAX_PAGE = 9;

/** More, under `/c500 orders`. */
export const ordersMoreButton = defineButton({
  name: "orders-more",
  parts: { whose: documentId, page: wholeNumber(MAX_PAGE) },
  who: "owner",
  answeredBy: "fulfilment",
});
