import { html } from "@remix-run/html-template";
import type { Page } from "../../../shared/web/page.ts";
import { HELD_DAYS } from "../../shop/domain/order.ts";

/** The about page: who we are and what we promise. */
export function aboutPage(): Page {
  return {
    status: 200,
    title: "About",
    caching: "steady",
    canonicalPath: "/about",
    preview: {
      description: "Who we are, how buying works, and why your money is held until proof of work.",
    },
    body: html`<article class="prose">
<h1>About C500</h1>
<p class="lead">We are a collective of people who build custom keyboards: switches lubed one by one,
cases sanded at midnight, and a chat full of friends watching it happen.</p>

<section class="card"><h2>Where we sell</h2>
<p>Everything is sold in our Discord. A builder opens a <em>drop</em>, which is one piece or a small
series, and its post has a Buy Now button. You pay on Stripe's own page; we never see your card.</p>
</section>

<section class="card"><h2>Held until proof of work</h2>
<p>You pay for a made-to-order piece before it exists. So we hold your money, and the builder gets it
only after <em>proof of work</em>: they go live on Twitch with your order on the bench. Twitch confirms
that the stream is real, you get a message with the link, and then the money moves.</p>
<p>No stream within ${HELD_DAYS} days? You automatically get all of it back.</p>
</section>

<section class="card"><h2>Ready to ship</h2>
<p>Some pieces are finished already. There is nothing to wait for, so the builder is paid when you
pay, and ships right away.</p>
</section>

<section class="card"><h2>Changed your mind?</h2>
<p>Until you have paid, the message in Discord has a button to give your unit back, so that someone
else can have it. After that, <code>/c500 profile</code> shows your orders.</p>
</section>
</article>`,
  };
}
