import { assumeAbsent } from "../ladder/assume-absent.ts";
import { conclude, type Ending } from "../ladder/conclude.ts";
import type { ClientModel, Discovery, Mailbox } from "../ladder/discovery.ts";
import { memoWorld } from "../world/memo-world.ts";
import { Trace } from "../ladder/trace.ts";
import type { World } from "../world/world.ts";
import { askRedirect, askService } from "./insecure-places.ts";
import { OutlookPost } from "./outlook-post.ts";

/**
 * Outlook for Windows with its former account wizard, which reads IMAP settings from Autodiscover (support.microsoft.com
 * 3211279; MS-OXDISCO; a script after them was watched, not the product). The domain's own host is asked **first**. Left
 * out is what only one installation knows: local files, the last good URL, a domain controller.
 */
export const outlook: ClientModel = {
  name: "outlook",
  title: "Outlook for Windows (classic)",
  isBestEffort: true,
  discover,
};

async function discover(mailbox: Mailbox, asked: World): Promise<Discovery> {
  const trace = Trace.begin(memoWorld(asked));
  const ending = await findAccount(trace, mailbox);
  return conclude("outlook", trace, mailbox, ending ?? {});
}

async function findAccount(trace: Trace, mailbox: Mailbox): Promise<Ending | undefined> {
  const { domain } = mailbox;
  trace.note("Microsoft 365", "autodiscover-s.outlook.com", {
    answer: "not asked: Microsoft is asked whether the address is one of its own",
    effect: "passed",
  });
  const post = new OutlookPost(trace, mailbox);
  const places: readonly (() => Promise<Ending | undefined>)[] = [
    () => post.ask(`https://${domain}/autodiscover/autodiscover.xml`),
    () => post.ask(`https://autodiscover.${domain}/autodiscover/autodiscover.xml`),
    () => askRedirect(trace, domain, post),
    () => askService(trace, domain, post),
  ];
  for (const place of places) {
    const ending = await place();
    if (ending === undefined) continue;
    trace.assume(`Microsoft 365 does not hold mailboxes of ${domain}`);
    assumeAbsent(trace);
    return ending;
  }
  return undefined;
}
