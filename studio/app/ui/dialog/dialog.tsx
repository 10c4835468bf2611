import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { attempt } from "../../shell/toasts.ts";
import "./dialog.css";

/** Asks for a confirmation above the page. Escape refuses. */
export function Dialog({
  title,
  button,
  action,
  done,
  isReady = true,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the button that acts says. */
  readonly button: string;
  /** Runs the action; the dialog closes if it succeeds. */
  readonly action: () => Promise<unknown>;
  /** What is shown when it has succeeded. */
  readonly done?: string;
  /** Whether the action can be run. */
  readonly isReady?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-label={title} onClose={onClose}>
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          if (await attempt(action, done)) dialog.current?.close();
        }}
      >
        <h3>{title}</h3>
        {children}
        <div class="row dialog-buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={!isReady}>
            {button}
          </button>
        </div>
      </form>
    </dialog>
  );
}
