import { deployInventory, readInventory } from "pulumi-mail-autodiscover";
import { join } from "node:path";

export const domains = deployInventory(
  await readInventory({ domainsFolder: join(import.meta.dirname, "domains") }),
);
