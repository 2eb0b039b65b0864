import type { Context } from "hono";
import { bodyFault } from "./api-refusal.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the request's JSON object; refuses every other body as the API does. */
export async function readJsonObject(context: Context): Promise<JsonObject> {
  const contentType = context.req.header("content-type") ?? "";
  if (!contentType.toLowerCase().startsWith("application/json")) {
    throw bodyFault("Content-type must be application/json.");
  }
  let value: unknown;
  try {
    value = await context.req.json();
  } catch {
    throw bodyFault("Failed to parse request body.");
  }
  if (!isJsonObject(value)) throw bodyFault("Request body is invalid.");
  return value;
}

/** Refuses fields outside `known`: a misspelt optional field must not pass here and be lost at the service. */
export function refuseUnknownFields(body: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(body).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw bodyFault(`Request body is invalid: unknown field "${unknown.join('", "')}".`);
}

export function readText(body: JsonObject, key: string): string {
  const value = body[key];
  if (typeof value !== "string" || value === "")
    throw bodyFault(`Request body is invalid: "${key}" is required.`);
  return value;
}
