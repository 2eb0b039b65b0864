import { deployInventory, readInventory, type DomainOutputs } from "pulumi-mail-autodiscover";
import { join } from "node:path";

const inventory = await readInventory({ domainsFolder: join(import.meta.dirname, "domains") });

export const domains: Readonly<Record<string, DomainOutputs>> = deployInventory(inventory);
