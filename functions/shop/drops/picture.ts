const TIMEOUT_MS = 10_000;
const MAX_BYTES = 8_000_000;

/**
 * Fetches a picture from Discord, which stores it for some hours. Returns `gone` when Discord answers with a 4xx
 * status or the picture is larger than 8 MB. Throws on any other failure.
 */
export async function fetchPicture(url: string): Promise<Buffer | "gone"> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const isGone = response.status >= 400 && response.status < 500;
  if (!response.ok && !isGone) throw new Error(`A picture answered ${response.status}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  return isGone || bytes.length > MAX_BYTES ? "gone" : bytes;
}
