/** What in Node's list of active resources is work that ends by itself, soon and without any time passing. */
const WORK = /^(?:Immediate|FSReq|GetAddrInfoReq|RandomBytesReq|SignReq|PBKDF2Req|ScryptReq)/;

/** How many turns in a row without any such work count as quiet. */
const QUIET_TURNS = 2;

/** One for all who wait: each of several would take the others' turns for work. */
const underWay = new Set<Promise<void>>();

/**
 * Resolves once everything that can go on has gone on: promises, callbacks of `process.nextTick` and
 * `setImmediate`, and file reads. What waits for a timer or a socket still waits.
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
