/** True where a certificate is trusted, but for another name (Node's word for it). */
export function isWrongName(tlsError: string): boolean {
  return tlsError.includes("ALTNAME");
}
