import type { APIAttachment } from "discord-api-types/v10";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { refusals } from "../discord-error.ts";
import { fieldError } from "../forms/form.ts";
import type { UploadedFile } from "../rest/body.ts";
import { sizeOf } from "./picture-size.ts";
import type { Snowflakes } from "./snowflakes.ts";

// https://discord.com/developers/docs/reference#uploading-files
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** An attachment entry of a form: a new file by the N of `files[N]`, an existing one by its id. */
export interface AttachmentForm {
  readonly id: string;
  readonly filename?: string | null | undefined;
  readonly description?: string | null | undefined;
}

/**
 * The files of messages, served below `/attachments` of the simulator. Asked for another size or format, as Discord's
 * media proxy can be, it sends a picture unchanged, and refuses any other file as the proxy does.
 */
export class Attachments {
  #snowflakes: Snowflakes;
  #files = new Map<string, UploadedFile>();

  constructor(snowflakes: Snowflakes) {
    this.#snowflakes = snowflakes;
  }

  /**
   * Stores the uploaded files and returns the message's files: the new ones and, of those `before`,
   * the ones that the form lists. Without a list all of them remain.
   */
  store(
    files: readonly UploadedFile[],
    forms: readonly AttachmentForm[] | null | undefined,
    before: readonly APIAttachment[],
    origin: string,
  ): APIAttachment[] {
    const kept = forms
      ? before.filter(({ id }) => forms.some((form) => form.id === id))
      : [...before];
    for (const [index, { id }] of (forms ?? []).entries()) {
      if (files.some(({ key }) => key === id) || kept.some((file) => file.id === id)) continue;
      const message = "Neither the request nor the message has this file";
      throw refusals.invalidForm(
        fieldError(["attachments", index], "ATTACHMENT_NOT_FOUND", message),
      );
    }
    return [...kept, ...files.map((file) => this.#add(file, forms, origin))];
  }

  persistIn(state: PersistentState): void {
    state.maps("discord.attachments", { files: this.#files });
  }

  file(id: string): UploadedFile | undefined {
    return this.#files.get(id);
  }

  #add(
    file: UploadedFile,
    forms: readonly AttachmentForm[] | null | undefined,
    origin: string,
  ): APIAttachment {
    if (file.bytes.length > MAX_FILE_BYTES) throw refusals.tooLarge();
    const form = forms?.find(({ id }) => id === file.key);
    const filename = form?.filename ?? file.filename;
    const id = this.#snowflakes.next();
    this.#files.set(id, file);
    const url = `${origin}/attachments/${id}/${encodeURIComponent(filename)}`;
    return {
      id,
      filename,
      size: file.bytes.length,
      content_type: file.contentType,
      url,
      proxy_url: url,
      ...sizeOf(file.bytes),
      ...(form?.description ? { description: form.description } : {}),
    };
  }
}
