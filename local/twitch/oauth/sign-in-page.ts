import express, { type Request, type Router } from "express";
import type { Broadcasts } from "../broadcasts.ts";
import type { SignIns } from "./sign-ins.ts";

/**
 * The page on which a user signs in and approves the application. There are no passwords: the
 * visitor chooses a user.
 */
export function signInRouter(signIns: SignIns, broadcasts: Broadcasts): Router {
  const router = express.Router();

  router.get("/authorize", (request, response) => {
    signIns.read(queryOf(request));
    const people = broadcasts.users().map(({ login, displayName }) => ({ login, displayName }));
    response.type("html").send(page(request.originalUrl, people));
  });

  router.post("/authorize", express.urlencoded({ extended: false }), (request, response) => {
    const asked = signIns.read(queryOf(request));
    const { login } = (request.body ?? {}) as { login?: unknown };
    if (typeof login !== "string") return response.redirect(signIns.deny(asked));
    response.redirect(signIns.allow(asked, broadcasts.userByLogin(login).id));
  });

  return router;
}

function queryOf({ originalUrl }: Request): URLSearchParams {
  return new URL(originalUrl, "http://twitch").searchParams;
}

function page(
  address: string,
  people: readonly { readonly login: string; readonly displayName: string }[],
): string {
  const choices = people.map(
    ({ login, displayName }) =>
      `<p><button name="login" value="${escaped(login)}">Authorize as ${escaped(displayName)}</button></p>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in to Twitch</title>
<h1>Sign in to Twitch (local)</h1>
<p>An application would like to know who you are. It asks for nothing else.</p>
<form method="post" action="${escaped(address)}">
${choices.join("\n")}
<p><button>Cancel</button></p>
</form></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
