import type { APIModalInteractionResponseCallbackData } from "discord-api-types/v10";
import * as z from "zod/mini";
import type { ButtonDefinition } from "../../../shared/discord/define-command.ts";
import {
  type DropForm,
  MAX_DESCRIPTION_LENGTH,
  MAX_LIMIT_PER_BUYER,
  MAX_TITLE_LENGTH,
} from "../domain/drop.ts";
import type { PaymentPlan } from "../domain/order.ts";

/** The name of the form, and of the command it becomes. */
export const DROP_FORM = "drop-form";
/** The form as it is submitted. */
export const dropForm = {
  name: DROP_FORM,
  handler: "shop",
  who: "builder",
  limit: "drops",
} as const satisfies ButtonDefinition;
/** The button that shows a form again as it was filled in. */
export const DROP_FORM_AGAIN = "drop-form-again";

// https://discord.com/developers/docs/components/reference
const LABEL = 18;
const TEXT_INPUT = 4;
const FILE_UPLOAD = 19;
const SHORT = 1;
const PARAGRAPH = 2;
const MAX_TYPED = 300;

/** What is decided before the form opens. */
export interface DropFormTerms {
  readonly plan: PaymentPlan;
  readonly limitPerBuyer: number;
}

/** A form as it was sent, kept so that nobody has to type it twice. */
export const dropDraft = z.object({
  plan: z.enum(["split", "held"]),
  limitPerBuyer: z.int(),
  form: z.object({
    title: z.string(),
    price: z.string(),
    quantity: z.string(),
    description: z.string(),
  }),
});
export type DropDraft = z.infer<typeof dropDraft>;

/** The form, empty or as it was filled in before. */
export function dropFormModal(
  { plan, limitPerBuyer }: DropFormTerms,
  before?: DropForm,
): APIModalInteractionResponseCallbackData {
  const text = (
    name: keyof DropForm,
    label: string,
    placeholder: string,
    field: { style: number; required: boolean; max_length: number },
  ) => ({
    type: LABEL,
    label,
    component: {
      type: TEXT_INPUT,
      custom_id: name,
      placeholder,
      ...field,
      ...(before?.[name] && { value: cut(before[name], field.max_length) }),
    },
  });
  const short = { style: SHORT, required: true, max_length: MAX_TYPED };
  const components = [
    text("title", "Title", "Brass weight for the C500", { ...short, max_length: MAX_TITLE_LENGTH }),
    text("price", "Price", "12.50", short),
    text("quantity", "Quantity", "3", short),
    text("description", "Description", "What it is, and what makes it special", {
      style: PARAGRAPH,
      required: false,
      max_length: MAX_DESCRIPTION_LENGTH,
    }),
    {
      type: LABEL,
      label: "Picture",
      description: "PNG, JPEG, GIF or WebP, up to 8 MB",
      component: { type: FILE_UPLOAD, custom_id: "image", required: false, max_values: 1 },
    },
  ];
  return {
    custom_id: `${DROP_FORM}:${plan}:${limitPerBuyer}`,
    title: plan === "held" ? "New drop, made to order" : "New drop, ready to ship",
    components,
  } as unknown as APIModalInteractionResponseCallbackData;
}

/** The terms in a form's custom id; undefined when it is not one of ours. */
export function dropFormTerms(customId: string): DropFormTerms | undefined {
  const [, plan, limit] = /^drop-form:(split|held):(\d{1,2})$/.exec(customId) ?? [];
  if (plan !== "split" && plan !== "held") return undefined;
  const limitPerBuyer = Number(limit);
  const isPossible = limitPerBuyer >= 1 && limitPerBuyer <= MAX_LIMIT_PER_BUYER;
  return isPossible ? { plan, limitPerBuyer } : undefined;
}

function cut(text: string, maxLength: number): string {
  return Array.from(text).slice(0, maxLength).join("");
}
