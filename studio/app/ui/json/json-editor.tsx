import { useId } from "preact/hooks";
import "./json-editor.css";

/** Why a text is not JSON, with the place; undefined if it is. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Edits a text, and says below it why it is not JSON. */
export function JsonEditor({
  label,
  value,
  onChange,
  rows = 12,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
}) {
  const id = useId();
  const problem = jsonProblem(value);
  return (
    <div class="json-editor">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        spellcheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <p id={`${id}-problem`} class="problem small" aria-live="polite">
        {problem && `Not JSON yet: ${problem}`}
      </p>
    </div>
  );
}
