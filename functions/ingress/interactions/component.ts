import { nameIn, readCustomId } from "../../../shared/discord/definitions/custom-id.ts";
import type {
  ButtonDefinition,
  SelectDefinition,
} from "../../../shared/discord/definitions/define-command.ts";
import { readValues } from "../../../shared/discord/definitions/values.ts";
import { type ComponentInteraction, managesServer } from "../../../shared/discord/interaction.ts";
import { type DeferDeps, defer, onlyForYou, texts } from "../../../shared/discord/sending/defer.ts";
import type { Bidding } from "../../auctions/bidding/bid.ts";
import { accessRefusalTexts } from "../../members/messages/access.ts";
import { buttons, forms, selects } from "../commands.ts";
import type { Deps } from "../deps.ts";
import { showDraft } from "./form-drafts.ts";
import { type ShowFormDeps, showForm } from "./show-form.ts";

/**
 * Answers a pressed button or a choice from a select with "thinking…" and a published command. Either may open a form
 * instead; a button's may show its draft.
 */
export async function answerComponent(
  interaction: ComponentInteraction,
  deps: DeferDeps & ShowFormDeps & Pick<Deps, "redis">,
  bidding: Bidding,
): Promise<object> {
  const name = nameIn(interaction.data.custom_id);
  const button = buttons.find((each) => each.name === name);
  if (button) return answerButton(interaction, button, { deps, bidding });
  const select = selects.find((each) => each.name === name);
  return select ? answerSelect(interaction, select, deps) : onlyForYou(texts.unknownButton);
}

/** Discord's clients send exactly one value; anything else is refused. */
function answerSelect(
  interaction: ComponentInteraction,
  select: SelectDefinition,
  deps: DeferDeps & ShowFormDeps,
): Promise<object> | object {
  const { custom_id: customId, values: [chosen, ...others] = [] } = interaction.data;
  const parts = readCustomId(select, customId);
  const values = readValues({ chosen: select.chosen }, { chosen });
  if (!parts || !values || others.length > 0) return onlyForYou(texts.unknownSelect);
  const given = { ...parts, ...values };
  const { answeredBy: handler } = select;
  if (handler !== "form")
    return defer(interaction, { definition: select, handler, values: given }, deps);
  const opened = select.opens?.(given);
  return opened ? showForm(interaction, opened, deps) : onlyForYou(texts.unknownSelect);
}

async function answerButton(
  interaction: ComponentInteraction,
  button: ButtonDefinition,
  { deps, bidding }: { deps: DeferDeps & ShowFormDeps & Pick<Deps, "redis">; bidding: Bidding },
): Promise<object> {
  const { answeredBy } = button;
  if (answeredBy === "bid") return bidding.press(interaction);
  const values = readCustomId(button, interaction.data.custom_id);
  if (!values) return onlyForYou(texts.unknownButton);
  switch (answeredBy) {
    case "form": {
      const isForStaff = button.who === "staff";
      if (isForStaff && !managesServer(interaction, deps.config.DISCORD_GUILD_ID)) {
        return onlyForYou(accessRefusalTexts.staff);
      }
      const opened = button.opens?.(values);
      return opened ? showForm(interaction, opened, deps) : onlyForYou(texts.unknownButton);
    }
    case "draft": {
      const form = forms.find(({ draft }) => draft?.button.name === button.name);
      if (!form) return onlyForYou(texts.unknownButton);
      return showDraft(interaction, { form, id: String(values["draftId"]) }, deps);
    }
    default:
      return defer(interaction, { definition: button, handler: answeredBy, values }, deps);
  }
}
