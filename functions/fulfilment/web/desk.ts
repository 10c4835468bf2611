import { html } from "@remix-run/html-template";
import type { HttpRequest } from "../../../shared/runtime/http.ts";
import type { Page } from "../../../shared/web/page.ts";
import { builderName } from "../../shop/web/builder.ts";
import { deskPageOf, deskVisitor, type VisitorDeps } from "./desk-visitor.ts";

/** A builder's desk. */
export async function deskPage(request: HttpRequest, deps: VisitorDeps): Promise<Page> {
  const visitor = await deskVisitor(request, deps);
  if ("instead" in visitor) return visitor.instead;
  const body = html`<h1>Hello, <bdi>${builderName(visitor.builder)}</bdi></h1>`;
  return deskPageOf(visitor, { title: "Your desk", body }, deps);
}
