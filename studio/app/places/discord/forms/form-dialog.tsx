import { useEffect, useId, useRef, useState } from "preact/hooks";
import { call } from "../../../api/api.ts";
import { readFile } from "../files.ts";
import { Markdown } from "../messages/markdown.tsx";
import type { Form } from "../messages/message.tsx";
import { type FieldValue, FormField } from "./form-field.tsx";

const TEXT = 10;
const LABEL = 18;

/** A form of the application, as a dialog. It stays open with what was typed when it is not accepted. */
export function FormDialog({
  of,
  form,
  onClose,
}: {
  /** The interaction that opened it. */
  readonly of: string;
  readonly form: Form;
  onClose(): void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState<Readonly<Record<string, FieldValue>>>({});
  const [problem, setProblem] = useState<string | undefined>();
  const [isBusy, setBusy] = useState(false);
  const titleId = useId();
  useEffect(() => dialog.current?.showModal(), []);

  const submit = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const filled: Parameters<typeof call<"discord", "submit">>[2]["values"] = {};
      for (const [name, value] of Object.entries(values)) {
        filled[name] =
          typeof value === "object" && value.kind === "files"
            ? await Promise.all(value.files.map(readFile))
            : typeof value === "object"
              ? [...value.values]
              : value;
      }
      const outcome = await call("discord", "submit", { of, values: filled });
      if (outcome.failure === undefined) {
        onClose();
        return;
      }
      setProblem(`Something went wrong. Try again. ${outcome.failure}`);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };

  return (
    <dialog ref={dialog} class="modal" aria-labelledby={titleId} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header>
          <h2 id={titleId}>{form.title}</h2>
          <button type="button" class="close" aria-label="Close" onClick={onClose}>
            <span aria-hidden="true">✕</span>
          </button>
        </header>
        <div class="form-fields">
          {form.components.map((component, index) => {
            if (component.type === TEXT) return <Markdown key={index} text={component.content} />;
            const fields = component.type === LABEL ? [component.component] : component.components;
            return fields.map((field) => (
              <FormField
                key={field.custom_id}
                label={
                  component.type === LABEL
                    ? component.label
                    : "label" in field && field.label
                      ? field.label
                      : field.custom_id
                }
                description={component.type === LABEL ? component.description : undefined}
                field={field}
                value={values[field.custom_id]}
                onChange={(value) => setValues((now) => ({ ...now, [field.custom_id]: value }))}
              />
            ));
          })}
        </div>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <footer>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isBusy} aria-busy={isBusy}>
            {isBusy ? "Sending…" : "Submit"}
          </button>
        </footer>
      </form>
    </dialog>
  );
}
