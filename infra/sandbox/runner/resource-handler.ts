export type Properties = Readonly<Record<string, unknown>>;

export interface CreatedResource {
  readonly id: string;
  /** Outputs beside the inputs. */
  readonly outputs: Properties;
}

/** What exists already, as the inputs that would have made it. */
export interface ImportedResource {
  readonly id: string;
  readonly inputs: Properties;
}

/** What a change of inputs asks for. */
export type Change = "none" | "update" | "replace";

/** How the runner makes, changes and removes the resources of one type. */
export interface ResourceHandler {
  create(inputs: Properties): Promise<CreatedResource>;
  update(id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(id: string, outputs: Properties): Promise<void>;
  /** Reads what an import id names; absent for types that nobody imports. */
  read?(importId: string): Promise<ImportedResource>;
  diff(id: string, olds: Properties, news: Properties): Promise<Change>;
}

/** A failure that left something behind, which belongs into the state. */
export class PartialResource extends Error {
  override readonly name: string = "PartialResource";
  readonly id: string;
  readonly outputs: Properties;

  constructor(cause: unknown, id: string, outputs: Properties) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.id = id;
    this.outputs = outputs;
  }
}
