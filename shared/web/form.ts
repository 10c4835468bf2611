import { html, type SafeHtml } from "@remix-run/html-template";
import { type HttpRequest, header, rawBody } from "../runtime/http.ts";
import { digest, isDigest } from "./sealed.ts";

/** The largest body that the site accepts. */
export const MAX_FORM_BYTES = 64_000;

const FORM_TYPE = /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i;
const TOKEN_FIELD = "token";

/** The things that a form's token is tied to. */
export interface FormSecret {
  /** The path that the form is sent to; its token is invalid for any other. */
  readonly action: string;
  /** The session's id, or another secret that only this browser knows. */
  readonly tiedTo: string;
  /** Those of `SESSION_KEY`. */
  readonly keys: readonly string[];
}

/** The texts of a form by field, or the status with which the form is refused. */
export type FormReading =
  | { readonly ok: true; readonly fields: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly status: 400 | 403 | 415 };

/** The hidden field that every form of a signed-in person has. */
export function tokenField(secret: FormSecret): SafeHtml {
  return html`<input type="hidden" name="${TOKEN_FIELD}" value="${tokenOf(secret)}">`;
}

/**
 * Reads a form that was sent from a page of this site. It checks the origin that the browser reports, and the form's
 * token. Without a `secret` it checks only the origin; such a form must not act in anyone's name.
 *
 * `Sec-Fetch-Site` decides, which all browsers have sent since 2023. Without it the origin must be ours, and forms on
 * pages with a secret address are refused: browsers send `Origin: null` under `Referrer-Policy: no-referrer`.
 * https://fetch.spec.whatwg.org/#append-a-request-origin-header https://www.w3.org/TR/fetch-metadata/
 */
export function readForm(
  request: HttpRequest,
  { siteUrl, secret }: { readonly siteUrl: string; readonly secret: FormSecret | undefined },
): FormReading {
  if (!isFromHere(request, new URL(siteUrl).origin)) return { ok: false, status: 403 };
  if (!FORM_TYPE.test(header(request, "content-type"))) return { ok: false, status: 415 };
  const sent = [...new URLSearchParams(rawBody(request).toString("utf8"))];
  const fields = new Map(sent);
  if (fields.size !== sent.length) return { ok: false, status: 400 };
  const token = fields.get(TOKEN_FIELD) ?? "";
  if (secret && !isDigest(token, PURPOSE, textOf(secret), secret.keys)) {
    return { ok: false, status: 403 };
  }
  fields.delete(TOKEN_FIELD);
  return { ok: true, fields };
}

function isFromHere(request: HttpRequest, ownOrigin: string): boolean {
  const site = header(request, "sec-fetch-site");
  return site === "" ? header(request, "origin") === ownOrigin : site === "same-origin";
}

const PURPOSE = "form";

function tokenOf(secret: FormSecret): string {
  return digest(PURPOSE, textOf(secret), secret.keys);
}

function textOf({ action, tiedTo }: FormSecret): string {
  return `${action}\n${tiedTo}`;
}
