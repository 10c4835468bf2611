/** The bridge cannot continue. The message is shown to the user: it says why, and what to do. */
export class BridgeError extends Error {
  override name = "BridgeError";
}
