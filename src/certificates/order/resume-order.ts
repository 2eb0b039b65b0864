import { findMailAutodiscoverError } from "../../errors.ts";
import type { CertificateRequest, IssuanceContext } from "./issuance-request.ts";
import { fetchCertificate, type ObtainedCertificate } from "./order-certificate.ts";

/**
 * Fetches the certificate of a former run's order that came to finalize, instead of ordering again: Let's Encrypt issues five
 * certificates of a set in seven days. Undefined where that order gave none that fits.
 *
 * @throws MailAutodiscoverError `acme-unreachable` or `acme-rate-limited`: the certificate may be there still, so none is ordered beside it
 */
export async function resumeOrder(
  request: CertificateRequest,
  context: IssuanceContext,
): Promise<ObtainedCertificate | undefined> {
  const { acme, report, signal } = context;
  const orderUrl = request.resumeOrderUrl;
  if (orderUrl === undefined) return undefined;
  report({ kind: "finalizing", orderUrl });
  try {
    const order = await acme.getOrder(orderUrl, signal);
    if (order.status !== "valid" && order.status !== "processing") {
      report({ kind: "resume-refused", detail: order.failure ?? `it is ${order.status}` });
      return undefined;
    }
    const obtained = await fetchCertificate(order, request, context);
    if (obtained.details.serial === request.previous?.serial) return undefined;
    report({ kind: "resumed", orderUrl });
    return obtained;
  } catch (error) {
    signal.throwIfAborted();
    const code = findMailAutodiscoverError(error)?.code;
    if (code === "acme-unreachable" || code === "acme-rate-limited") throw error;
    report({ kind: "resume-refused", detail: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
