/** Names of equal length: every answer has as many octets as the first. */
export function benchDomain(index: number): string {
  return `d${String(index).padStart(4, "0")}.example`;
}
