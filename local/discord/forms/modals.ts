import * as z from "zod/mini";
import {
  ComponentType,
  customId,
  everyComponent,
  options,
  selects,
  textDisplay,
} from "./components.ts";
import { integer, list, maybe, report, text } from "./form.ts";

// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
const MAX_TITLE = 45;
const MAX_COMPONENTS = 5;

// https://discord.com/developers/docs/components/reference#label
const MAX_LABEL = 45;
const MAX_DESCRIPTION = 100;
const MAX_TEXT = 4000;
const MAX_PLACEHOLDER = 100;
const MAX_FILES = 10;
const MAX_CHOICES = 10;

const id = maybe(integer(0, 2 ** 31 - 1));
const required = maybe(z.boolean());

const textInput = z.object({
  type: z.literal(ComponentType.textInput),
  id,
  custom_id: customId,
  style: integer(1, 2),
  label: maybe(text(MAX_LABEL, 1)),
  min_length: maybe(integer(0, MAX_TEXT)),
  max_length: maybe(integer(1, MAX_TEXT)),
  required,
  value: maybe(text(MAX_TEXT)),
  placeholder: maybe(text(MAX_PLACEHOLDER)),
});

const fileUpload = z.object({
  type: z.literal(ComponentType.fileUpload),
  id,
  custom_id: customId,
  min_values: maybe(integer(0, MAX_FILES)),
  max_values: maybe(integer(1, MAX_FILES)),
  required,
});
const radioGroup = z.object({
  type: z.literal(ComponentType.radioGroup),
  id,
  custom_id: customId,
  options: options(MAX_CHOICES, 2),
  required,
});
const checkboxGroup = z.object({
  type: z.literal(ComponentType.checkboxGroup),
  id,
  custom_id: customId,
  options: options(MAX_CHOICES, 1),
  min_values: maybe(integer(0, MAX_CHOICES)),
  max_values: maybe(integer(1, MAX_CHOICES)),
  required,
});
const checkbox = z.object({
  type: z.literal(ComponentType.checkbox),
  id,
  custom_id: customId,
  default: maybe(z.boolean()),
});

const label = z
  .object({
    type: z.literal(ComponentType.label),
    id,
    label: text(MAX_LABEL, 1),
    description: maybe(text(MAX_DESCRIPTION)),
    component: z.discriminatedUnion("type", [
      textInput,
      ...selects,
      fileUpload,
      radioGroup,
      checkboxGroup,
      checkbox,
    ]),
  })
  .check((payload) => {
    const { component } = payload.value;
    if (!("disabled" in component) || !component.disabled) return;
    const message = "A component in a modal cannot be disabled";
    report(payload, ["component", "disabled"], "COMPONENT_DISABLED_IN_MODAL", message);
  });

/** The deprecated text input in an action row. */
const inputRow = z.object({
  type: z.literal(ComponentType.actionRow),
  id,
  components: list(textInput, 1, 1),
});

/** A modal as the application defines it. */
export const modal = z.object({
  custom_id: customId,
  title: text(MAX_TITLE, 1),
  components: list(
    z.discriminatedUnion("type", [label, inputRow, textDisplay]),
    MAX_COMPONENTS,
    1,
  ).check((payload) => {
    const seen = new Set<unknown>();
    for (const { path, component } of everyComponent(payload.value)) {
      const name = component["custom_id"];
      if (name === undefined) continue;
      if (seen.has(name)) {
        const message = "Component custom id cannot be duplicated";
        report(payload, [...path, "custom_id"], "COMPONENT_CUSTOM_ID_DUPLICATED", message);
      }
      seen.add(name);
    }
  }),
});

export type Modal = z.infer<typeof modal>;

/** One input field of a modal. */
export type ModalField = Extract<Modal["components"][number], { type: 18 }>["component"];

/** The input fields of a modal. */
export function fieldsOf(shown: Modal): ModalField[] {
  return shown.components.flatMap((component): ModalField[] => {
    if (component.type === ComponentType.label) return [component.component];
    return component.type === ComponentType.actionRow ? component.components : [];
  });
}
