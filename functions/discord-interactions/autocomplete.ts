import type { Deps } from "../../shared/runtime/deps.ts";
import { actingUserId, type CommandInteraction, ResponseType, unfold } from "./interaction.ts";
import { type OrderChoice, openOrderChoices } from "./order-choices.ts";

/** https://discord.com/developers/docs/interactions/application-commands#autocomplete */
const MAX_CHOICES = 25;
const MAX_CHOICE_LENGTH = 100;
/** Discord waits three seconds. */
const DEADLINE_MS = 2000;

/** Offers the builder's own open orders, after the ids that were typed already. Never fails. */
export async function answerAutocomplete(
  interaction: CommandInteraction,
  deps: Pick<Deps, "orders" | "redis" | "log" | "clock">,
): Promise<object> {
  const userId = actingUserId(interaction);
  const { words, options } = unfold(interaction);
  const focused = options.find((option) => option.focused);
  const isOrderList = words === "c500 live" && focused?.name === "orders";
  const choices =
    isOrderList && userId
      ? choicesFor(String(focused.value ?? ""), await inTime(openOrderChoices(userId, deps), deps))
      : [];
  return { type: ResponseType.choices, data: { choices } };
}

/** What there is by then; nothing, rather than an answer that Discord no longer takes. */
function inTime(
  orders: Promise<readonly OrderChoice[]>,
  { clock }: Pick<Deps, "clock">,
): Promise<readonly OrderChoice[]> {
  return Promise.race([orders, clock.sleep(DEADLINE_MS).then(() => [])]);
}

function choicesFor(typed: string, orders: readonly OrderChoice[]) {
  const ids = typed.split(",").map((id) => id.trim());
  const sought = (ids.pop() ?? "").toLowerCase();
  const before = [...new Set(ids.filter((id) => id !== ""))];
  return orders
    .filter(({ id }) => !before.includes(id))
    .filter(({ label }) => label.toLowerCase().includes(sought))
    .map(({ id, label }) => ({
      name: [...before.map(() => "…"), label].join(", ").slice(0, MAX_CHOICE_LENGTH),
      value: [...before, id].join(","),
    }))
    .filter(({ value }) => value.length <= MAX_CHOICE_LENGTH)
    .slice(0, MAX_CHOICES);
}
