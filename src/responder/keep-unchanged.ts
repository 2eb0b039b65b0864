/**
 * Returns `parse` with an eye on the value that a text gave before: a text that did not change gives the same object, and
 * with it stays what was rendered of it.
 */
export function keepUnchanged<Value extends object>(
  parse: (text: string) => Value | undefined,
): (text: string, former: Value | undefined) => Value | undefined {
  const texts = new WeakMap<Value, string>();
  return (text, former) => {
    if (former !== undefined && texts.get(former) === text) return former;
    const value = parse(text);
    if (value !== undefined) texts.set(value, text);
    return value;
  };
}
