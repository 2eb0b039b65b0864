/** The documents of the observed scenarios, written by hand: what our own renderer makes is no measure here. */
import type { MemoryHandler } from "../memory-world.ts";

export const AUTOCONFIG_PATH = "/mail/config-v1.1.xml";
export const WELL_KNOWN_PATH = "/.well-known/autoconfig/mail/config-v1.1.xml";
export const POX_PATH = "/autodiscover/autodiscover.xml";

export const AUTOCONFIG = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="example.test">
    <domain>example.test</domain>
    <displayName>Example</displayName>
    <incomingServer type="imap">
      <hostname>box.example.test</hostname><port>993</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
    </incomingServer>
    <incomingServer type="pop3">
      <hostname>box.example.test</hostname><port>995</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>box.example.test</hostname><port>465</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
    </outgoingServer>
  </emailProvider>
</clientConfig>
`;

export const POX = `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
      <Protocol>
        <Type>IMAP</Type><Server>box.example.test</Server><Port>993</Port><DomainRequired>off</DomainRequired>
        <SPA>off</SPA><SSL>on</SSL><Encryption>SSL</Encryption><AuthRequired>on</AuthRequired>
      </Protocol>
      <Protocol>
        <Type>SMTP</Type><Server>box.example.test</Server><Port>465</Port><DomainRequired>off</DomainRequired>
        <SPA>off</SPA><SSL>on</SSL><Encryption>SSL</Encryption><AuthRequired>on</AuthRequired>
      </Protocol>
    </Account>
  </Response>
</Autodiscover>
`;

export const XML = "text/xml; charset=utf-8";

/**
 * A web site's page for everything, as a catch-all gives it: well-formed as the observed one, which two of the clients took
 * for XML.
 */
export const everythingHtml: MemoryHandler = () => ({
  status: 200,
  type: "text/html; charset=utf-8",
  body: "<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Hello</p></body></html>",
});

/** One document at one path, whatever the method. */
export function serves(path: string, body: string, type: string = XML): MemoryHandler {
  return (_, asked) => (asked === path ? { status: 200, type, body } : undefined);
}

/** The first of several handlers that knows the path. */
export function anyOf(...handlers: readonly MemoryHandler[]): MemoryHandler {
  return async (method, path, request) => {
    for (const handler of handlers) {
      const answer = await handler(method, path, request);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
}
