import Stripe from "stripe";

/** What the library asks for its longest wait before a retry, in seconds; not in its types. */
const waits = Stripe.prototype as unknown as {
  getInitialNetworkRetryDelay(): number;
  getMaxNetworkRetryDelay(): number;
};

/**
 * Shortens the waits of Stripe's library in this process between the tries of a call, until the returned function is
 * called: tests check what is done, not how long it takes.
 */
export function hastenStripe(): () => void {
  const { getInitialNetworkRetryDelay, getMaxNetworkRetryDelay } = waits;
  waits.getInitialNetworkRetryDelay = () => 0;
  waits.getMaxNetworkRetryDelay = () => 0;
  return () => Object.assign(waits, { getInitialNetworkRetryDelay, getMaxNetworkRetryDelay });
}
