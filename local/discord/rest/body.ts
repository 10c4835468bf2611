import type { Request } from "express";
import { refusals } from "../discord-error.ts";

/** A file uploaded with a message. */
export interface UploadedFile {
  /** The N of its field `files[N]`. */
  readonly key: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A call's JSON and, for a multipart form, its files. */
export interface CallBody {
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
}

/**
 * Parses JSON, or `payload_json` with `files[N]`. An empty body is read as an empty object.
 * https://discord.com/developers/docs/reference#uploading-files
 */
export async function readBody(request: Request): Promise<CallBody> {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return { json: {}, files: [] };
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) {
    return { json: parseJson(bytes.toString()), files: [] };
  }
  const form = await readParts(bytes, type);
  const payload = form.get("payload_json");
  const files: UploadedFile[] = [];
  for (const [name, value] of form) {
    const key = /^files\[(\d{1,4})\]$/.exec(name)?.[1];
    if (key === undefined || typeof value === "string") continue;
    files.push({
      key,
      filename: value.name,
      contentType: value.type,
      bytes: Buffer.from(await value.arrayBuffer()),
    });
  }
  return { json: parseJson(typeof payload === "string" ? payload : "{}"), files };
}

async function readParts(bytes: Buffer, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(bytes), {
      headers: { "content-type": type },
    }).formData();
  } catch {
    throw refusals.invalidJson();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusals.invalidJson();
  }
}
