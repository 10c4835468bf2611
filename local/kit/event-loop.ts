/**
 * Entries of Node's active resources that are work which finishes soon, without any time passing.
 */
const WORK = /^(?:Immediate|FSReq|GetAddrInfoReq|RandomBytesReq|SignReq|PBKDF2Req|ScryptReq)/;

/** Number of consecutive turns without such work that count as quiet. */
const QUIET_TURNS = 2;

/** Shared by all waiters: several would count each other's turns as work. */
const underWay = new Set<Promise<void>>();

/**
 * Resolves when everything that can proceed has done so: promises, callbacks of `process.nextTick`
 * and `setImmediate`, and file reads. Timers and sockets are not awaited.
 */
export function quietLoop(): Promise<void> {
  const [known] = underWay;
  if (known) return known;
  const wait = waitForQuiet();
  underWay.add(wait);
  return wait;
}

async function waitForQuiet(): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    await new Promise((resolve) => setImmediate(resolve));
    const isBusy = process.getActiveResourcesInfo().some((resource) => WORK.test(resource));
    quiet = isBusy ? 0 : quiet + 1;
  }
  underWay.clear();
}
