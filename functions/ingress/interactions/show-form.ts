import type { Shown } from "../../../shared/discord/definitions/define-command.ts";
import type { FillForm, FormTexts } from "../../../shared/discord/form-texts.ts";
import {
  actingUserId,
  ResponseType,
  type UserInteraction,
} from "../../../shared/discord/interaction.ts";
import { modalOf } from "../../../shared/discord/modal.ts";
import { onlyForYou } from "../../../shared/discord/sending/defer.ts";
import { shopFormTexts } from "../../shop/commands/form-texts.ts";
import type { AnyDefinition } from "../commands.ts";
import type { Deps } from "../deps.ts";

/** Discord waits three seconds. */
const DEADLINE_MS = 2000;

/** Dependencies of showing a form. */
export type ShowFormDeps = Pick<Deps, "drops" | "clock" | "log">;

/** The sources that forms name in `filledBy`. */
type Named<Defined> = Defined extends { readonly filledBy: infer Name extends string }
  ? Name
  : never;

const sources = { ...shopFormTexts } as const satisfies Record<
  Named<AnyDefinition>,
  FillForm<ShowFormDeps>
>;

/** Shows a form; one that edits something is filled in with its stored texts. Never fails. */
export async function showForm(
  interaction: UserInteraction,
  shown: Shown,
  deps: ShowFormDeps,
): Promise<object> {
  const known: Readonly<Record<string, FillForm<ShowFormDeps>>> = sources;
  const fill = known[shown.form.filledBy ?? ""];
  if (!fill) return { type: ResponseType.form, data: modalOf(shown) };
  const opening = { userId: actingUserId(interaction) ?? "nobody", parts: shown.parts };
  const filled = await inTime(fill(opening, deps), deps);
  if ("refusal" in filled) return onlyForYou(filled.refusal);
  return { type: ResponseType.form, data: modalOf(shown, filled.texts) };
}

const tooSlow = {
  refusal: "I couldn't read that quickly enough, so nothing has changed. Press the button again.",
};

/** The stored texts, if they arrive before the deadline: with an empty form people would overwrite what is stored. */
async function inTime(
  texts: Promise<FormTexts>,
  { clock, log }: Pick<Deps, "clock" | "log">,
): Promise<FormTexts> {
  const read = texts.catch((error: unknown) => {
    log.error("A form could not be filled in", error);
    return tooSlow;
  });
  return Promise.race([read, clock.sleep(DEADLINE_MS).then(() => tooSlow)]);
}
