import type { Context } from "hono";
import { ApiRefusal } from "./api-refusal.ts";

export type FormParts = readonly (readonly [name: string, value: File | string])[];

/** Returns the parts of a multipart request in their order. */
export async function readForm(context: Context): Promise<FormParts> {
  try {
    return [...(await context.req.raw.formData()).entries()];
  } catch {
    throw new ApiRefusal(400, 10001, "Unable to parse multipart form data.");
  }
}
