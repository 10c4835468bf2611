import { providers } from "../../functions/races/providers/index.ts";
import { simulators } from "../../functions/races/providers/simulators.ts";
import { named, page, sentence, table } from "./markdown.ts";

const INTRO = `Shops whose merch sales are shared among racers. A community sets up those it sells with; without its secret a
provider's webhooks are refused. Stripe is not among them: its Payment Links are reported to \`stripe-webhook\`, like
every payment on the platform's account ([decision 39](../decisions/0039-providers.md)).

Their webhooks go through the site to the function \`shop-webhook\`. An operator's \`./dev ops ledger\` names a sale by the
provider and the sale's number there, such as \`kofi:1234\`.`;

/** `docs/reference/providers.md`. */
export function providersPage(): string {
  return page("Providers of merch sales", "`functions/races/providers/`", [
    INTRO,
    table(
      ["provider", "webhooks go to", "sales begin with", "settings"],
      providers.map(({ name, title, settings }) => [
        title,
        `\`/webhooks/${name}\``,
        `\`${name}:\``,
        named(Object.keys(settings)),
      ]),
    ),
    ...providers.flatMap(({ name, title, questions, docs }) => {
      const simulator = simulators[name];
      const routes = simulator.routes.map((route) => `\`${route.replace(" /", ` /${name}/`)}\``);
      return [
        `## ${title}`,
        table(
          ["", title],
          [
            ["set up", docs.webhooks],
            ...questions.map(({ name: setting, where }) => [`\`${setting}\``, sentence(where)]),
            ["proof", sentence(docs.proof)],
            ["a purchase names its race by", sentence(docs.namesRace)],
            ["what counts", docs.counts],
            ["refunds", docs.refunds],
            ["gaps", docs.gaps],
            ["replacing its secret", docs.rotation],
            ["simulated", simulator.docs.does],
            ["known to differ", simulator.docs.differs],
            ["driven by", `${routes.join("; ")}, below \`/control\` of \`shops\`.`],
          ],
        ),
      ];
    }),
  ]);
}
