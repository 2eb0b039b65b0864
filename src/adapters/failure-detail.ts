/** `406D...:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:.../rec_layer_s3.c:918:...` */
const OPENSSL_REASON = /error:[0-9A-F]{8}:[^:]*:[^:]*:([^:\n]+):/;

/**
 * Returns what the system, OpenSSL or a library said of a failed connection, as one line that is the same each time: of
 * OpenSSL's words the reason alone, without addresses in memory and lines of its source.
 */
export function failureDetail(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An AggregateError of several addresses has an empty message of its own.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const message = error.message === "" && first instanceof Error ? first.message : error.message;
  return (OPENSSL_REASON.exec(message)?.[1] ?? message).trim();
}
