import { useSignal } from "@preact/signals";
import { call } from "../../api/api.ts";
import { Press } from "../../ui/press.tsx";

/** An object as Stripe's API shows it, on demand. */
export function Details({ id }: { id: string }) {
  const shown = useSignal<object | undefined>(undefined);
  return (
    <div>
      <div class="row">
        <code class="quiet">{id}</code>
        <Press
          action={async () => {
            shown.value = shown.value ? undefined : await call("stripe", "show", { id });
          }}
        >
          {shown.value ? "Hide" : "As the API shows it"}
        </Press>
      </div>
      {shown.value && <pre class="json">{JSON.stringify(shown.value, null, 2)}</pre>}
    </div>
  );
}

/** The order that a payment is for, where its metadata says so. */
export function OrderLink({ orderId }: { orderId: string | undefined }) {
  if (orderId === undefined) return null;
  return (
    <a href={`/pages?order=${encodeURIComponent(orderId)}`} title="The order's page">
      Order {orderId}
    </a>
  );
}
