import { writeCustomId } from "./definitions/custom-id.ts";
import type { FieldDefinition, Shown, TypedTexts } from "./definitions/define-command.ts";

// https://discord.com/developers/docs/components/reference
const LABEL = 18;
const TEXT_INPUT = 4;
const FILE_UPLOAD = 19;
const SHORT = 1;
const PARAGRAPH = 2;

/** A line of text in a form, or several. */
export function textField<
  const R extends {
    readonly maxLength: number;
    readonly required?: true;
    readonly isLong?: true;
    readonly placeholder?: string;
    readonly description?: string;
  },
>(label: string, rules: R) {
  return { kind: "text", label, ...rules } as const;
}

/** Up to `most` pictures that may be uploaded with a form. */
export function pictureField(label: string, description: string, most: number) {
  return { kind: "picture", label, description, most } as const;
}

/** A form as Discord shows it: empty, or as it was filled in before. */
export function modalOf({ form, parts }: Shown, before: TypedTexts = {}): object {
  return {
    custom_id: writeCustomId(form, parts),
    title: form.title(parts),
    components: Object.entries(form.fields).map(([name, field]) => ({
      type: LABEL,
      label: field.label,
      ...(field.description !== undefined && { description: field.description }),
      component: inputOf(name, field, before[name]),
    })),
  };
}

function inputOf(name: string, field: FieldDefinition, before: string | undefined): object {
  const required = field.required === true;
  if (field.kind === "picture") {
    return { type: FILE_UPLOAD, custom_id: name, required, max_values: field.most ?? 1 };
  }
  const { placeholder, isLong, maxLength } = field;
  return {
    type: TEXT_INPUT,
    custom_id: name,
    ...(placeholder !== undefined && { placeholder }),
    style: isLong ? PARAGRAPH : SHORT,
    required,
    max_length: maxLength,
    ...(before && { value: cut(before, maxLength) }),
  };
}

function cut(text: string, maxLength: number): string {
  return Array.from(text).slice(0, maxLength).join("");
}
