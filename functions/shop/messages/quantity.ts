import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { plain } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { quantitySelect } from "../commands/quantity-select.ts";
import type { Drop } from "../domain/drop.ts";

/** What a buyer may choose from. */
export interface QuantityQuestion {
  readonly drop: Pick<Drop, "id" | "title" | "price" | "currency">;
  readonly most: number;
  /** They chose more than that. */
  readonly isAgain?: boolean;
}

/** Asks how many units somebody would like; each number says what so many cost. */
export function quantityQuestion({ drop, most, isAgain }: QuantityQuestion): OutgoingMessage {
  const ask = `How many of **${plain(drop.title, 100)}** would you like?`;
  const options = Array.from({ length: most }, (_, index) => index + 1).map((quantity) => ({
    label: String(quantity),
    value: String(quantity),
    description: formatMoney(drop.price * quantity, drop.currency),
  }));
  return {
    content: isAgain ? `${fewerText(most)} ${ask}` : `${ask} Nothing is reserved until you choose.`,
    select: { id: quantitySelect.id({ dropId: drop.id }), placeholder: "Choose how many", options },
  };
}

/** Somebody chose more than they can have. */
export function fewerText(most: number): string {
  return most === 1 ? "Only 1 is left for you now." : `Only ${most} are left for you now.`;
}
