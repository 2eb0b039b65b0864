import type { Finding } from "../../finding.ts";
import type { Check } from "../check.ts";
import { autoconfigRequests } from "./document-requests.ts";
import { isTrusted200 } from "./judge-answer.ts";

/**
 * Asks for the document once more with the whole URL as the request's target, which every server has to take (RFC 9112 §3.2.2).
 * Delta Chat up to core 2.57 was seen to ask so; one that knows paths alone answers it with 404.
 */
export const checkAbsoluteForm: Check = {
  name: "absolute-form",
  run: async ({ mailbox, world }): Promise<readonly Finding[]> => {
    const [first] = autoconfigRequests(mailbox);
    if (first === undefined || !isTrusted200(await world.request(first.request))) return [];
    const { method, url } = first.request;
    const base = { code: "autoconfig-document", subject: `${method} ${url} in absolute form` } as const;
    const response = await world.request({ ...first.request, isAbsolute: true });
    if (response.state === "failed") {
      return [{ ...base, status: "unknown", observed: response.reason, remedy: "Look again later." }];
    }
    const observed = `HTTP ${response.status}`;
    if (isTrusted200(response)) return [{ ...base, status: "pass", observed }];
    return [
      {
        ...base,
        status: "warn",
        expected: "the document",
        observed,
        remedy:
          "Let the server take the whole URL as the target of a request: Delta Chat up to 2.57 asks so.",
      },
    ];
  },
};
