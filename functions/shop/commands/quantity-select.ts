import { documentId } from "../../../shared/discord/definitions/custom-id.ts";
import { defineSelect } from "../../../shared/discord/definitions/define-command.ts";
import { MAX_PER_ORDER } from "../domain/drop.ts";

const numbers = Array.from({ length: MAX_PER_ORDER }, (_, index) => String(index + 1));

/** "How many?", after Buy Now, where a buyer may have several units. */
export const quantitySelect = defineSelect({
  name: "drop-quantity",
  parts: { dropId: documentId },
  chosen: {
    kind: "choice",
    required: true,
    choices: Object.fromEntries(numbers.map((number) => [number, number])),
  },
  who: "everyone",
  answeredBy: "shop",
});
