import * as z from "zod";

/**
 * Returns the schema of a text that documents show: without white space around it, as some readers do not trim, and on one
 * line, as a list of settings or a phone's dialogue has one for it.
 */
export function shownText(maxLength: number): z.ZodString {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(/^\P{Cc}*$/u, "has a line break or another control character");
}
