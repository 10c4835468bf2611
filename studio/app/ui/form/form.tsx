import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { attempt } from "../../shell/toasts.ts";
import "./form.css";

/** What a form was filled in with: the text of each field by its name. */
export type Filled = Readonly<Record<string, string>>;

/** A form that runs an action with what was filled in, and empties itself when it succeeded. */
export function Form({
  action,
  done,
  label,
  button,
  keeps = false,
  children,
}: {
  action: (filled: Filled) => Promise<unknown>;
  /** What is shown when it has succeeded. */
  done?: string;
  /** The form's name for screen readers. */
  label: string;
  button: string;
  /** Whether the fields stay filled in. */
  keeps?: boolean;
  children?: ComponentChildren;
}) {
  const [isBusy, setBusy] = useState(false);
  return (
    <form
      class="form"
      aria-label={label}
      onSubmit={async (event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const filled = Object.fromEntries(
          [...new FormData(form)].map(([name, value]) => [name, String(value)]),
        );
        setBusy(true);
        const isDone = await attempt(() => action(filled), done);
        setBusy(false);
        if (isDone && !keeps) form.reset();
      }}
    >
      {children}
      <button type="submit" class="primary" disabled={isBusy}>
        {button}
      </button>
    </form>
  );
}

/** A text field with its label above it. */
export function Field({
  name,
  label,
  value,
  isNumber = false,
  required = true,
  hint,
}: {
  name: string;
  label: string;
  value?: string;
  isNumber?: boolean;
  required?: boolean;
  hint?: string;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        name={name}
        type="text"
        inputMode={isNumber ? "decimal" : "text"}
        defaultValue={value ?? ""}
        required={required}
        placeholder={hint}
        autoComplete="off"
      />
    </label>
  );
}

/** A choice between values with its label above it. */
export function Choice({
  name,
  label,
  options,
}: {
  name: string;
  label: string;
  options: readonly (readonly [value: string, text: string])[];
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
