/** RDATA of SVCB and HTTPS (RFC 9460 §2.2), which `dns-packet` 5.6.1 does not know. */
const KEYS: Readonly<Record<string, number>> = {
  alpn: 1,
  "no-default-alpn": 2,
  port: 3,
  ipv4hint: 4,
  ech: 5,
  ipv6hint: 6,
};

/**
 * Returns the RDATA for `value` in presentation form: `alpn="h3,h2" port=443`.
 *
 * @throws TypeError for a parameter that the sandbox does not know; the caller leaves such a record out of its answers.
 */
export function encodeSvcb(priority: number, target: string, value: string): Buffer {
  const parameters = [...value.matchAll(/([a-z0-9-]+)(?:=(?:"([^"]*)"|(\S+)))?/g)]
    .map(([, key = "", quoted, bare]) => encodeParameter(key, quoted ?? bare ?? ""))
    // In ascending order of their keys (RFC 9460 §2.2).
    .toSorted((a, b) => a.readUInt16BE(0) - b.readUInt16BE(0));
  return Buffer.concat([u16(priority), encodeName(target), ...parameters]);
}

function encodeParameter(key: string, value: string): Buffer {
  const number = KEYS[key];
  if (number === undefined) throw new TypeError(`SvcParam "${key}" is not known.`);
  const body = encodeValue(key, value);
  return Buffer.concat([u16(number), u16(body.length), body]);
}

function encodeValue(key: string, value: string): Buffer {
  const list = value.split(",");
  switch (key) {
    case "alpn":
      return Buffer.concat(list.flatMap((id) => [Buffer.from([id.length]), Buffer.from(id)]));
    case "no-default-alpn":
      return Buffer.alloc(0);
    case "port":
      return u16(Number(value));
    case "ipv4hint":
      return Buffer.from(list.flatMap((address) => address.split(".").map(Number)));
    case "ipv6hint":
      return Buffer.concat(list.map(encodeIpv6));
    default:
      return Buffer.from(value, "base64");
  }
}

function encodeIpv6(address: string): Buffer {
  const [head = "", tail] = address.split("::");
  const groups = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => 0);
  return Buffer.concat([...before, ...zeros, ...after].map(u16));
}

function encodeName(name: string): Buffer {
  const labels = name === "." ? [] : name.split(".");
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
