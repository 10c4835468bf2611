import express, { type Request, type Router } from "express";

/** A service's page on which a user signs in and approves the application. */
export interface SignInPage<Asked> {
  readonly title: string;
  readonly heading: string;
  /** What the application would like to know. */
  readonly about: string;
  /** The name of the form's field with the user. */
  readonly field: string;
  readonly people: () => readonly { readonly value: string; readonly name: string }[];
  /** Reads what the application asks for. Throws where that is not possible. */
  readonly read: (query: URLSearchParams) => Asked;
  /** The address to which the visitor goes back as this user. */
  readonly allow: (asked: Asked, value: string) => string;
  readonly deny: (asked: Asked) => string;
}

/** Serves the page at `/authorize`. There are no passwords: the visitor chooses a user. */
export function signInRouter<Asked>(page: SignInPage<Asked>): Router {
  const router = express.Router();

  router.get("/authorize", (request, response) => {
    page.read(queryOf(request));
    response.type("html").send(written(page, request.originalUrl));
  });

  router.post("/authorize", express.urlencoded({ extended: false }), (request, response) => {
    const asked = page.read(queryOf(request));
    const value: unknown = Reflect.get(request.body ?? {}, page.field);
    response.redirect(typeof value === "string" ? page.allow(asked, value) : page.deny(asked));
  });

  return router;
}

function queryOf({ originalUrl }: Request): URLSearchParams {
  return new URL(originalUrl, "http://local").searchParams;
}

function written<Asked>(page: SignInPage<Asked>, address: string): string {
  const { title, heading, about, field, people } = page;
  const choices = people().map(
    ({ value, name }) =>
      `<p><button name="${field}" value="${escaped(value)}">Authorize as ${escaped(name)}</button></p>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>${title}</title>
<h1>${heading}</h1>
<p>An application would like to know ${about}. It asks for nothing else.</p>
<form method="post" action="${escaped(address)}">
${choices.join("\n")}
<p><button>Cancel</button></p>
</form></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
