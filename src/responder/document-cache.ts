import type { RenderedDocument } from "./rendered-document.ts";

const documents = new WeakMap<object, Map<string, RenderedDocument | undefined>>();

/**
 * Returns what was rendered of `source` under `key` before, or renders it; undefined where there is no such document. It lives as long as its source,
 * which the cache of tenants bounds; `key` has to be one of few, never text of a request.
 */
export async function cachedDocument(
  source: object,
  key: string,
  render: () => Promise<RenderedDocument | undefined>,
): Promise<RenderedDocument | undefined> {
  let ofSource = documents.get(source);
  if (ofSource === undefined)
    documents.set(source, (ofSource = new Map<string, RenderedDocument | undefined>()));
  if (ofSource.has(key)) return ofSource.get(key);
  const made = await render();
  ofSource.set(key, made);
  return made;
}
