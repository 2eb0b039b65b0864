/** One page of a v4 list. */
interface Page<T> {
  readonly result: readonly T[] | null;
  readonly result_info?: { readonly total_pages?: number } | undefined;
}

/**
 * Reads a whole v4 list. The SDK's own iteration asks on until a page is empty, one request more for each list; this
 * one ends at the last page that the answer announces, or at a short one.
 */
export async function readPages<T>(
  perPage: number,
  read: (page: number) => Promise<unknown>,
): Promise<readonly T[]> {
  const items: T[] = [];
  for (let page = 1; ; page += 1) {
    const { result, result_info: info } = (await read(page)) as Page<T>;
    items.push(...(result ?? []));
    const isShort = (result?.length ?? 0) < perPage;
    if (isShort || page >= (info?.total_pages ?? Infinity)) return items;
  }
}
