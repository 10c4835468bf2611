import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { goTo } from "../../shell/router.ts";
import { Dialog } from "../../ui/dialog/dialog.tsx";
import { JsonEditor, jsonProblem } from "../../ui/json/json-editor.tsx";
import { tracePlace } from "./links.ts";

/** A text as indented JSON, or as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Sends a message again, as it was or with edits, and goes to the trace of that. */
export function SendAgain({
  title,
  about,
  body,
  basis,
  send,
  onClose,
}: {
  readonly title: string;
  /** Who receives it. */
  readonly about: string;
  readonly body: string;
  /** What shows whether it was handled. */
  readonly basis: string;
  readonly send: (edited: {
    readonly body: string;
    readonly isEdited: boolean;
    readonly onlyIfNeverRan: boolean;
  }) => Promise<string | undefined>;
  readonly onClose: () => void;
}) {
  const original = indented(body);
  const basisId = useId();
  const text = useSignal(original);
  const onlyIfNeverRan = useSignal(false);
  const isEdited = text.value !== original;
  return (
    <Dialog
      title={title}
      button={isEdited ? "Send with edits" : "Send as it was"}
      isReady={jsonProblem(text.value) === undefined}
      action={async () => {
        const traceId = await send({
          body: isEdited ? text.value : body,
          isEdited,
          onlyIfNeverRan: onlyIfNeverRan.value,
        });
        if (traceId) goTo(tracePlace(traceId));
      }}
      done="Sent."
      onClose={onClose}
    >
      <p class="quiet">{about}</p>
      <JsonEditor
        label="Body"
        value={text.value}
        rows={14}
        onChange={(next) => {
          text.value = next;
        }}
      />
      <label class="row">
        <input
          type="checkbox"
          aria-describedby={basisId}
          checked={onlyIfNeverRan.value}
          onChange={({ currentTarget }) => {
            onlyIfNeverRan.value = currentTarget.checked;
          }}
        />
        Only if it never ran
      </label>
      <p id={basisId} class="quiet small">
        {basis}
      </p>
    </Dialog>
  );
}
