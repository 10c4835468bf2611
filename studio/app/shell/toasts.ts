import { signal } from "@preact/signals";

/** A short message at the window's edge. */
export interface Toast {
  readonly id: number;
  readonly kind: "done" | "problem";
  readonly text: string;
}

const SHOWN_MS = 6_000;

export const toasts = signal<readonly Toast[]>([]);
let nextId = 1;

/** Shows a short message. */
export function notify(kind: Toast["kind"], text: string): void {
  const id = nextId++;
  toasts.value = [...toasts.value, { id, kind, text }];
  setTimeout(() => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }, SHOWN_MS);
}

/** Runs an action of the page and shows why it was refused. */
export async function attempt(action: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await action();
    if (done !== undefined) notify("done", done);
    return true;
  } catch (error) {
    notify("problem", error instanceof Error ? error.message : String(error));
    return false;
  }
}
