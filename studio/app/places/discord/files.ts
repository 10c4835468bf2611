/** A file as the studio takes it. */
export interface SentFile {
  readonly filename: string;
  readonly contentType: string;
  readonly base64: string;
}

/** Discord's limit without a boost. https://discord.com/developers/docs/reference#uploading-files */
export const MOST_FILE_BYTES = 10 * 1_024 * 1_024;

/** Reads a chosen file. */
export async function readFile(file: File): Promise<SentFile> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
  return {
    filename: file.name,
    contentType: file.type || "application/octet-stream",
    base64: url.slice(url.indexOf(",") + 1),
  };
}
