import { ApiRefusal, type ApiErrorEntry } from "./api-refusal.ts";

export interface ApiMessage {
  readonly code: number;
  readonly message: string;
}

export interface ResultInfo {
  readonly page: number;
  readonly per_page: number;
  readonly count: number;
  readonly total_count: number;
  readonly total_pages: number;
}

export interface Envelope<T> {
  readonly result: T;
  readonly success: boolean;
  readonly errors: readonly ApiErrorEntry[];
  readonly messages: readonly ApiMessage[];
}

export interface PagedEnvelope<T> extends Envelope<readonly T[]> {
  readonly result_info: ResultInfo;
}

export function success<T>(result: T, messages: readonly ApiMessage[] = []): Envelope<T> {
  return { result, success: true, errors: [], messages };
}

export function failure(entry: ApiErrorEntry): Envelope<null> {
  return { result: null, success: false, errors: [entry], messages: [] };
}

export interface PageLimits {
  readonly fallback: number;
  readonly maximum: number;
}

/**
 * Returns the page that `page` and `per_page` ask for. A page past the end is empty and a success: the provider and the SDK
 * read pages until they see one.
 */
export function paginate<T>(
  items: readonly T[],
  query: Readonly<Record<string, string>>,
  limits: PageLimits,
): PagedEnvelope<T> {
  const page = readCount(query, "page", 1, Number.MAX_SAFE_INTEGER);
  const perPage = readCount(query, "per_page", limits.fallback, limits.maximum);
  const result = items.slice((page - 1) * perPage, page * perPage);
  return {
    ...success(result),
    result_info: {
      page,
      per_page: perPage,
      count: result.length,
      total_count: items.length,
      total_pages: Math.ceil(items.length / perPage),
    },
  };
}

/** That a number out of range is refused is documented; the code of the refusal is not (not verified). */
function readCount(
  query: Readonly<Record<string, string>>,
  key: string,
  fallback: number,
  maximum: number,
): number {
  const text = query[key];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > maximum) {
    throw new ApiRefusal(400, 1004, `${key} must be between 1 and ${String(maximum)}.`);
  }
  return value;
}
