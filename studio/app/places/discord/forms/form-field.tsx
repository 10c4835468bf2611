import { useId } from "preact/hooks";
import { choicesOf } from "../messages/select.tsx";

/** What someone enters into a field. */
export type FieldValue =
  | string
  | boolean
  | { readonly kind: "files"; readonly files: readonly File[] }
  | { readonly kind: "values"; readonly values: readonly string[] };

/** An input of a form: https://discord.com/developers/docs/components/reference */
interface Field {
  readonly type: number;
  readonly custom_id: string;
  readonly style?: number | undefined;
  readonly required?: boolean | null | undefined;
  readonly value?: string | null | undefined;
  readonly placeholder?: string | null | undefined;
  readonly min_length?: number | null | undefined;
  readonly max_length?: number | null | undefined;
  readonly min_values?: number | null | undefined;
  readonly max_values?: number | null | undefined;
  readonly default?: boolean | null | undefined;
  readonly options?:
    | {
        value: string;
        label: string;
        description?: string | null | undefined;
        default?: boolean | null | undefined;
      }[]
    | undefined;
}

const TEXT_INPUT = 4;
const FILE_UPLOAD = 19;
const RADIO = 21;
const CHECKBOX = 23;
const PARAGRAPH = 2;
const LONGEST_TEXT = 4_000;

/** One labelled field of a form. */
export function FormField({
  label,
  description,
  field,
  value,
  onChange,
}: {
  readonly label: string;
  readonly description: string | null | undefined;
  readonly field: Field;
  readonly value: FieldValue | undefined;
  onChange(value: FieldValue): void;
}) {
  const id = useId();
  const isRequired = field.required ?? field.type !== CHECKBOX;
  const text = typeof value === "string" ? value : (field.value ?? "");
  const most = field.max_length ?? LONGEST_TEXT;
  return (
    <div class="form-field">
      <label for={id}>
        {label}
        {isRequired && (
          <span class="problem" title="Required">
            {" "}
            *
          </span>
        )}
      </label>
      {description && (
        <p class="quiet" id={`${id}-about`}>
          {description}
        </p>
      )}
      <Input
        id={id}
        field={field}
        text={text}
        value={value}
        isRequired={isRequired}
        describedBy={description ? `${id}-about` : undefined}
        onChange={onChange}
      />
      {field.type === TEXT_INPUT && (
        <p class="counter quiet">
          {[...text].length} / {most}
          {field.min_length ? `, at least ${field.min_length}` : ""}
        </p>
      )}
    </div>
  );
}

function Input({
  id,
  field,
  text,
  value,
  isRequired,
  describedBy,
  onChange,
}: {
  readonly id: string;
  readonly field: Field;
  readonly text: string;
  readonly value: FieldValue | undefined;
  readonly isRequired: boolean;
  readonly describedBy: string | undefined;
  onChange(value: FieldValue): void;
}) {
  const common = { id, required: isRequired, "aria-describedby": describedBy };
  const most = field.max_values ?? 1;
  if (field.type === TEXT_INPUT) {
    const input = {
      ...common,
      value: text,
      minLength: field.min_length ?? undefined,
      maxLength: field.max_length ?? LONGEST_TEXT,
      placeholder: field.placeholder ?? undefined,
      onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
        onChange(currentTarget.value),
    };
    return field.style === PARAGRAPH ? <textarea {...input} rows={4} /> : <input {...input} />;
  }
  if (field.type === FILE_UPLOAD) {
    return (
      <input
        {...common}
        type="file"
        multiple={most > 1}
        onChange={({ currentTarget: { files } }) =>
          onChange({ kind: "files", files: [...(files ?? [])].slice(0, most) })
        }
      />
    );
  }
  if (field.type === CHECKBOX) {
    const checked = typeof value === "boolean" ? value : (field.default ?? false);
    return (
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  }
  const isOne = field.type === RADIO;
  const choices = field.options
    ? field.options.map((each) => ({ id: each.value, label: each.label }))
    : choicesOf({ type: field.type });
  return (
    <select
      {...common}
      multiple={!isOne && most > 1}
      onChange={({ currentTarget: { selectedOptions } }) => {
        const values = [...selectedOptions].map((each) => each.value).filter(Boolean);
        onChange(isOne ? (values[0] ?? "") : { kind: "values", values });
      }}
    >
      {(isOne || most === 1) && <option value="">{field.placeholder ?? "Choose"}</option>}
      {choices.map((choice) => (
        <option key={choice.id} value={choice.id}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
