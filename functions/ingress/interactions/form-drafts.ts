import * as z from "zod/mini";
import type {
  FormDefinition,
  TypedTexts,
} from "../../../shared/discord/definitions/define-command.ts";
import {
  readValues,
  type ValueRules,
  type Values,
} from "../../../shared/discord/definitions/values.ts";
import { draftKey } from "../../../shared/discord/draft-key.ts";
import {
  actingUserId,
  ResponseType,
  type UserInteraction,
} from "../../../shared/discord/interaction.ts";
import { modalOf } from "../../../shared/discord/modal.ts";
import { onlyForYou } from "../../../shared/discord/sending/defer.ts";
import { parseJson } from "../../../shared/runtime/http.ts";
import type { Deps } from "../deps.ts";

const KEPT_SECONDS = 3600;

/** A submitted form: the parts of its id, and the typed texts. */
const storedDraft = z.object({
  parts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  typed: z.record(z.string(), z.string()),
});

/** A form, and the interaction that submitted it. */
interface DraftKey {
  readonly form: FormDefinition;
  readonly id: string;
}

/**
 * Stores a submitted form for an hour, so that its sender can correct it without typing it again. Returns false if
 * Redis is unavailable and nothing was stored.
 */
export async function keepDraft(
  userId: string,
  { form, id }: DraftKey,
  draft: { readonly parts: Values<ValueRules>; readonly typed: TypedTexts },
  { redis, log }: Pick<Deps, "redis" | "log">,
): Promise<boolean> {
  try {
    const client = await redis();
    await client.set(draftKey(userId, form.name, id), JSON.stringify(draft), { ex: KEPT_SECONDS });
    return true;
  } catch (error) {
    log.error("A form was not stored", error);
    return false;
  }
}

/** Shows a form as it was submitted, if it is still stored. */
export async function showDraft(
  interaction: UserInteraction,
  { form, id }: DraftKey,
  { redis, log }: Pick<Deps, "redis" | "log">,
): Promise<object> {
  const lost = onlyForYou(lostText(form.draft?.command));
  try {
    const key = draftKey(actingUserId(interaction) ?? "nobody", form.name, id);
    const kept = await (await redis()).get<string>(key);
    const draft = storedDraft.safeParse(parseJson(Buffer.from(kept ?? ""))).data;
    const parts = draft && readValues(form.parts, draft.parts);
    if (!parts) return lost;
    return { type: ResponseType.form, data: modalOf({ form, parts: draft.parts }, draft.typed) };
  } catch (error) {
    log.error("A form could not be read", error);
    return lost;
  }
}

function lostText(command: string | undefined): string {
  return `I no longer have what you typed. Run \`/${command}\` again; I keep a form for an hour.`;
}
