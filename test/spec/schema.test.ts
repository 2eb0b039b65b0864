import { expect, test } from "vitest";
import { domainFileJsonSchema, KNOWN_KEYS } from "../../src/spec/schema.ts";

interface JsonSchema {
  readonly $schema?: string;
  readonly type?: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
}

const schema = domainFileJsonSchema() as JsonSchema;

test("the JSON Schema is draft 2020-12 and requires the domain alone: a preset may give the mail server", () => {
  expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(schema.required).toEqual(["domain"]);
  expect(schema.properties?.["mailServer"]?.required).toBeUndefined();
});

test("the JSON Schema knows the keys that messages name, and no others", () => {
  expect(Object.keys(schema.properties ?? {})).toEqual(KNOWN_KEYS[""]);
  for (const key of ["mailServer", "certificate", "mtaSts", "help", "oauth2"]) {
    expect(Object.keys(schema.properties?.[key]?.properties ?? {})).toEqual(KNOWN_KEYS[key]);
  }
  for (const key of ["mx", "dkim", "caa", "wildcard"]) {
    const nodes = nodesOf("", schema.properties?.[key] ?? {}).map(({ node }) => node.properties);
    expect(nodes.filter((node) => node !== undefined).map((node) => Object.keys(node))).toEqual([
      KNOWN_KEYS[key],
    ]);
  }
});

test("every object of the JSON Schema is closed, but for a preset's values and texts by language; every key is described", () => {
  const all = nodesOf("", schema);
  const open = all.filter(({ node }) => node.type === "object" && node.additionalProperties !== false);
  expect(open.map(({ path, node }) => [path, node.additionalProperties])).toEqual([
    [".preset[]", { type: "string" }],
    [".help.texts", { type: "string", minLength: 1, maxLength: 100, pattern: "^\\P{Cc}*$" }],
  ]);
  const bare = all.filter(({ path, node }) => path !== "" && !path.endsWith("[]") && !isDescribed(node));
  expect(bare.map(({ path }) => path)).toEqual([]);
});

test("the JSON Schema bounds a port as the parser does", () => {
  const service = schema.properties?.["mailServer"]?.properties?.["imap"];
  const endpoint = service?.anyOf?.find((branch) => branch.type === "object");
  expect(endpoint?.properties?.["port"]).toMatchObject({ type: "integer", minimum: 1, maximum: 65_535 });
});

/** Every node with its path; the branches of a union and the items of a list end in `[]`. */
function nodesOf(
  path: string,
  node: JsonSchema,
): readonly { readonly path: string; readonly node: JsonSchema }[] {
  const inner = [...(node.anyOf ?? []), ...(node.items === undefined ? [] : [node.items])];
  return [
    { path, node },
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => nodesOf(`${path}.${key}`, child)),
    ...inner.flatMap((child) => nodesOf(`${path}[]`, child)),
  ];
}

function isDescribed(node: JsonSchema): boolean {
  return (node.description ?? "") !== "";
}
