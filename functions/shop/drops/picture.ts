const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8_000_000;

/**
 * A picture as Discord keeps it for some hours; `gone` when it does not any more, or it is too large.
 * Throws when Discord has trouble.
 */
export async function fetchPicture(url: string): Promise<Buffer | "gone"> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const isGone = response.status >= 400 && response.status < 500;
  if (!response.ok && !isGone) throw new Error(`A picture answered ${response.status}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  return isGone || bytes.length > MAX_BYTES ? "gone" : bytes;
}
