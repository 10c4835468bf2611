import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { attempt } from "../shell/toasts.ts";

/** A button that runs an action, once at a time. */
export function Press({
  action,
  done,
  title,
  children,
}: {
  action: () => Promise<unknown>;
  /** What is shown when it has succeeded. */
  done?: string;
  title?: string;
  children: ComponentChildren;
}) {
  const [isBusy, setBusy] = useState(false);
  return (
    <button
      type="button"
      disabled={isBusy}
      title={title}
      onClick={async () => {
        setBusy(true);
        await attempt(action, done);
        setBusy(false);
      }}
    >
      {children}
    </button>
  );
}
