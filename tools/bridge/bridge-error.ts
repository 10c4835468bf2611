/** Why the bridge cannot go on, and what the person is to do, in words for them. */
export class BridgeError extends Error {
  override name = "BridgeError";
}
