import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MailAutodiscoverError } from "../../../src/errors.ts";

/** A resource as the runner knows it after its last success. */
export interface ResourceState {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** The `import` that the program gave in the last run; absent where it gave none. */
  readonly importId?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Top-level properties that are encrypted in the file. */
  readonly secrets: readonly string[];
}

interface Encrypted {
  readonly ciphertext: string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The runner's state: resources in the order in which they were created, secrets encrypted with a key beside it. */
export class StateFile {
  readonly #path: string;
  readonly #key: Buffer;
  /** What stands in the file for a secret: kept, so that an unchanged value keeps its bytes. */
  readonly #ciphertexts = new Map<string, string>();
  readonly #resources: Map<string, ResourceState>;
  #written: string;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, key: Buffer, text: string) {
    this.#path = path;
    this.#key = key;
    this.#written = text;
    this.#resources = new Map();
    const stored = text === "" ? [] : (JSON.parse(text) as { resources: ResourceState[] }).resources;
    for (const resource of stored) {
      this.#resources.set(stateKey(resource.type, resource.name), {
        ...resource,
        inputs: this.#decrypt(resource.inputs, resource.secrets),
        outputs: this.#decrypt(resource.outputs, resource.secrets),
      });
    }
  }

  /** @throws MailAutodiscoverError `state-unreadable` */
  static async open(folder: string): Promise<StateFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, "local-state.json");
    try {
      const key = await readOrMakeKey(join(folder, "local-state.key"));
      return new StateFile(path, key, await readFile(path, "utf8").catch(absentAsEmpty));
    } catch (cause) {
      throw new MailAutodiscoverError(
        "state-unreadable",
        `The local runner's state cannot be read: ${path}`,
        {
          remedy: "Restore the folder from a backup, or start with a new --state folder.",
          cause,
        },
      );
    }
  }

  get(type: string, name: string): ResourceState | undefined {
    return this.#resources.get(stateKey(type, name));
  }

  all(): readonly ResourceState[] {
    return [...this.#resources.values()];
  }

  async set(resource: ResourceState): Promise<void> {
    this.#resources.set(stateKey(resource.type, resource.name), resource);
    await this.#save();
  }

  async remove(resource: ResourceState): Promise<void> {
    this.#resources.delete(stateKey(resource.type, resource.name));
    await this.#save();
  }

  /** Octets of the file as last written. */
  get size(): number {
    return Buffer.byteLength(this.#written);
  }

  #save(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const resources = this.all().map((resource) => ({
        ...resource,
        inputs: this.#encrypt(resource.inputs, resource.secrets),
        outputs: this.#encrypt(resource.outputs, resource.secrets),
      }));
      const text = `${JSON.stringify({ version: 1, resources }, null, 1)}\n`;
      if (text === this.#written) return;
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(`${this.#path}.tmp`, text, { mode: 0o600 });
      await rename(`${this.#path}.tmp`, this.#path);
      this.#written = text;
    });
    return this.#writing;
  }

  #encrypt(
    properties: Readonly<Record<string, unknown>>,
    secrets: readonly string[],
  ): Record<string, unknown> {
    return mapSecrets(properties, secrets, (value): Encrypted => {
      const text = JSON.stringify(value);
      const known = this.#ciphertexts.get(text);
      if (known !== undefined) return { ciphertext: known };
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      const ciphertext = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
      this.#ciphertexts.set(text, ciphertext);
      return { ciphertext };
    });
  }

  #decrypt(
    properties: Readonly<Record<string, unknown>>,
    secrets: readonly string[],
  ): Record<string, unknown> {
    return mapSecrets(properties, secrets, (value) => {
      const { ciphertext } = value as Encrypted;
      const bytes = Buffer.from(ciphertext, "base64");
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text =
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
      this.#ciphertexts.set(text, ciphertext);
      return JSON.parse(text) as unknown;
    });
  }
}

function stateKey(type: string, name: string): string {
  return `${type}::${name}`;
}

function mapSecrets(
  properties: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      secrets.includes(key) && value !== undefined ? change(value) : value,
    ]),
  );
}

async function readOrMakeKey(path: string): Promise<Buffer> {
  const known = await readFile(path, "utf8").catch(absentAsEmpty);
  if (known !== "") return Buffer.from(known.trim(), "base64");
  const key = randomBytes(KEY_BYTES);
  await writeFile(path, `${key.toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  return key;
}

function absentAsEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
