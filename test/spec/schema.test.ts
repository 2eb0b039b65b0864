import { expect, test } from "vitest";
import { domainFileJsonSchema, KNOWN_KEYS } from "../../src/spec/schema.ts";

interface JsonSchema {
  readonly $schema?: string;
  readonly type?: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
}

const schema = domainFileJsonSchema() as JsonSchema;

test("the JSON Schema is draft 2020-12 and requires the domain and the mail server", () => {
  expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(schema.required).toEqual(["domain", "mailServer"]);
  expect(schema.properties?.["mailServer"]?.required).toEqual(["host"]);
});

test("the JSON Schema knows the keys that messages name, and no others", () => {
  expect(Object.keys(schema.properties ?? {})).toEqual(KNOWN_KEYS[""]);
  for (const key of ["mailServer", "certificate"]) {
    expect(Object.keys(schema.properties?.[key]?.properties ?? {})).toEqual(KNOWN_KEYS[key]);
  }
});

test("every object of the JSON Schema is closed, and every key of it described", () => {
  const visit = (node: JsonSchema, path: string): void => {
    if (node.type === "object") expect(node.additionalProperties, path).toBe(false);
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      const described = child.description ?? child.anyOf?.[0]?.description;
      if (key !== "tls" || described !== undefined) expect(described, `${path}.${key}`).toBeTruthy();
      visit(child, `${path}.${key}`);
    }
    for (const child of [...(node.anyOf ?? []), ...(node.items === undefined ? [] : [node.items])])
      visit(child, path);
  };
  visit(schema, "");
});

test("the JSON Schema bounds a port as the parser does", () => {
  const service = schema.properties?.["mailServer"]?.properties?.["imap"];
  const endpoint = service?.anyOf?.find((branch) => branch.type === "object");
  expect(endpoint?.properties?.["port"]).toMatchObject({ type: "integer", minimum: 1, maximum: 65_535 });
});
