import { useSignal } from "@preact/signals";
import "../../ui/lists.css";
import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { Badge } from "../../ui/badge/badge.tsx";
import { When } from "../../ui/when.tsx";
import "./mail.css";

type Overview = Answer<"mail", "read">;
type Mail = Overview["mails"][number];

const KINDS: Readonly<Record<string, "bad" | "warn">> = {
  CRITICAL: "bad",
  ERROR: "bad",
  WARNING: "warn",
};

/** The operators' mailbox. */
export function MailPage() {
  const { value, problem } = useCall("mail", "read", {});
  const opened = useSignal<number | undefined>(undefined);
  if (problem !== undefined) return <p class="problem">{problem}</p>;
  if (!value) return null;
  const { mails, policies } = value;
  const shown = mails.find(({ id }) => id === opened.value);
  return (
    <div class="stack">
      <div class="mailbox">
        <nav class="card" aria-label="Mails">
          {mails.length === 0 && (
            <p class="quiet">
              No mail: nothing needs a person. A message that cannot be handled sends one.
            </p>
          )}
          {mails.map((mail) => (
            <button
              key={mail.id}
              type="button"
              class={mail.isRead ? "subject" : "subject unread"}
              aria-current={mail.id === opened.value}
              onClick={() => {
                opened.value = mail.id;
                void call("mail", "markRead", { id: mail.id });
              }}
            >
              <span>{mail.subject}</span>
              <span class="quiet">
                <When atMs={mail.atMs} />
              </span>
            </button>
          ))}
        </nav>
        {shown ? <Letter mail={shown} /> : mails.length > 0 && <p class="quiet">Choose a mail.</p>}
      </div>
      <Policies policies={policies} />
    </div>
  );
}

function Letter({ mail: { subject, severity, atMs, text, section, policy } }: { mail: Mail }) {
  return (
    <article class="card letter">
      <h2>{subject}</h2>
      <p class="row">
        <Badge kind={KINDS[severity] ?? "plain"}>{severity}</Badge>
        <span class="quiet">
          From Google Cloud Alerting to alert_emails, <When atMs={atMs} />
        </span>
      </p>
      {text.split("\n\n").map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <p class="quiet">
        Policy <code>{policy}</code>. The page <code>docs/operations.md</code> explains it under{" "}
        <code>{section}</code>.
      </p>
    </article>
  );
}

/** Which policies there are, and which of them nothing here can meet. */
function Policies({ policies }: Pick<Overview, "policies">) {
  return (
    <details class="card">
      <summary>
        The {policies.length} alert policies of <code>terraform/</code>
      </summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Mail</th>
              <th scope="col">Severity</th>
              <th scope="col">Sent when</th>
            </tr>
          </thead>
          <tbody>
            {policies.map(({ name, title, severity, when, measures }) => (
              <tr key={name}>
                <td>{title}</td>
                <td>{severity}</td>
                <td>
                  {when ?? (
                    <span class="quiet">
                      never here: Google measures <code>{measures}</code> itself
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
