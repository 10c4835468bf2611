import { connectionProblem } from "../api/api.ts";
import { useUnread } from "../places/mail/unread.ts";
import { Clock } from "./clock.tsx";
import { places } from "./places.ts";
import { latestOf, place } from "./router.ts";
import { ThemeSwitch } from "./theme-switch.tsx";
import { toasts } from "./toasts.ts";

/** The frame of all pages: navigation, clock, and the current page. */
export function Shell() {
  const current = places.find(({ path }) => path === place.value.path) ?? places[0];
  const unread = useUnread();
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${current.title} · C500 Studio`;
  return (
    <>
      <a class="skip" href="#page">
        Skip to the page
      </a>
      <header class="top">
        <strong class="brand">C500 Studio</strong>
        <nav aria-label="Pages">
          {places.map(({ path, title }) => (
            <a
              key={path}
              href={path === current.path ? path : latestOf(path)}
              aria-current={path === current.path ? "page" : undefined}
            >
              {title}
              {path === "/mail" && unread > 0 && ` (${unread})`}
            </a>
          ))}
        </nav>
        <Clock />
        <ThemeSwitch />
      </header>
      {connectionProblem.value && (
        <p class="banner" role="alert">
          {connectionProblem.value}
        </p>
      )}
      <main id="page" tabIndex={-1}>
        <h1 class="hidden">{current.title}</h1>
        <current.Page key={current.path} />
      </main>
      <div class="toasts" role="status">
        {toasts.value.map(({ id, kind, text }) => (
          <p key={id} class={kind}>
            {text}
          </p>
        ))}
      </div>
    </>
  );
}
