import type { PlatformDeps } from "../../../shared/runtime/deps.ts";
import { type AddressRequest, mayReadAddress } from "../domain/address-access.ts";

/**
 * Reads the address of an order for the person who is signed in; undefined if they may not. Each view is logged
 * before `read` is called: who, which order and when, and never the address. Call it for every address that is shown.
 */
export async function readAddress<Address>(
  { orderId, ...asked }: Omit<AddressRequest, "now"> & { readonly orderId: string },
  read: () => Promise<Address>,
  { clock, log }: Pick<PlatformDeps, "clock" | "log">,
): Promise<Address | undefined> {
  if (!mayReadAddress({ ...asked, now: clock.now() })) return undefined;
  const { builderId } = asked;
  log.info("A builder read an address", { event: "address-read", orderId, builderId });
  return read();
}
