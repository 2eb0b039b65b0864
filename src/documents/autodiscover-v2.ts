/** Longest protocol name that is repeated in an answer; real ones have at most 16 letters. */
const MAX_PROTOCOL_LENGTH = 32;

/** The answer to a question of Autodiscover V2: JSON, with its status. */
export interface AutodiscoverV2 {
  readonly status: 200 | 400;
  readonly body: string;
}

/**
 * Renders the answer of Autodiscover V2 for a protocol as the client wrote it: the place of POX at `host` for
 * `AutodiscoverV1` in any case (Outlook sends `Autodiscoverv1`), an error for every other, since there is no Exchange.
 */
export function renderAutodiscoverV2(protocol: string | null | undefined, host: string): AutodiscoverV2 {
  // The name is repeated in an error: letters and digits are harmless wherever somebody shows it.
  const name = (protocol ?? "").replace(/[^A-Za-z0-9]/g, "").slice(0, MAX_PROTOCOL_LENGTH);
  if (protocol?.toLowerCase() === "autodiscoverv1") {
    const url = `https://${host}/autodiscover/autodiscover.xml`;
    return { status: 200, body: JSON.stringify({ Protocol: "AutodiscoverV1", Url: url }) };
  }
  const message = `The given protocol value '${name}' is invalid. Supported values are 'AutodiscoverV1'`;
  return {
    status: 400,
    body: JSON.stringify({ ErrorCode: "InvalidProtocol", ErrorMessage: message }),
  };
}
