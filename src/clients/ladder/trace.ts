import { isNotKnown, isUnseen } from "../world/answer-words.ts";
import type { DiscoveryPrompt, DiscoveryStep } from "./discovery.ts";
import type {
  MailPortQuestion,
  MailPortView,
  QueryType,
  Resolution,
  World,
  WorldRequest,
  WorldResponse,
} from "../world/world.ts";

/** What the branches of one client write into together. */
interface Journal {
  readonly steps: DiscoveryStep[];
  readonly prompts: DiscoveryPrompt[];
  readonly passwordSentTo: Set<string>;
  readonly assumptions: Set<string>;
  isUncertain: boolean;
}

/** What a client makes of an answer. */
export interface Reading {
  readonly answer: string;
  readonly effect: DiscoveryStep["effect"];
}

/**
 * One client's way through a world, with a clock of its own: a step takes as long as the client waits for it; steps of one
 * trace follow one another; those of `fork`ed traces run beside each other until they are `join`ed.
 */
export class Trace {
  readonly #world: World;
  readonly #journal: Journal;
  #elapsedMs: number;

  private constructor(world: World, journal: Journal, elapsedMs: number) {
    this.#world = world;
    this.#journal = journal;
    this.#elapsedMs = elapsedMs;
  }

  static begin(world: World): Trace {
    const journal: Journal = {
      steps: [],
      prompts: [],
      passwordSentTo: new Set(),
      assumptions: new Set(),
      isUncertain: false,
    };
    return new Trace(world, journal, 0);
  }

  /** Milliseconds since the client's start. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** In the order in which they begin. */
  get steps(): readonly DiscoveryStep[] {
    return this.#journal.steps.toSorted((a, b) => a.startMs - b.startMs);
  }

  get prompts(): readonly DiscoveryPrompt[] {
    return this.#journal.prompts;
  }

  get passwordSentTo(): readonly string[] {
    return [...this.#journal.passwordSentTo];
  }

  get assumptions(): readonly string[] {
    return [...this.#journal.assumptions];
  }

  /** True where some step could not be looked at: to find nothing is then not to know. */
  get isUncertain(): boolean {
    return this.#journal.isUncertain;
  }

  /** Begins a branch that runs beside this one from now on. */
  fork(): Trace {
    return new Trace(this.#world, this.#journal, this.#elapsedMs);
  }

  /** Waits for branches: the clock goes on to the latest of them. */
  join(...branches: readonly Trace[]): void {
    this.#elapsedMs = Math.max(this.#elapsedMs, ...branches.map(({ elapsedMs }) => elapsedMs));
  }

  /** Lets time go by in which the client asks nothing. */
  wait(ms: number): void {
    this.#elapsedMs += ms;
  }

  async resolve(what: string, name: string, type: QueryType): Promise<Resolution> {
    const answer = await this.#world.resolve(name, type);
    if (answer.state === "unknown") this.doubt();
    this.#record(what, `${name} ${type}`, answer.ms ?? 0, readResolution(answer));
    return answer;
  }

  /**
   * Sends one request; `read` says what the client makes of the answer, which becomes the step's words. Where the world
   * does not know, the step says so, whatever the client would read.
   */
  async request(
    what: string,
    request: WorldRequest,
    read: (response: WorldResponse) => Reading,
  ): Promise<WorldResponse> {
    const response = await this.#world.request(request);
    const kind = response.state === "failed" ? response.kind : undefined;
    const isUnknown = isNotKnown(response);
    if (isUnknown || kind === "timeout") this.doubt();
    // A world may give up earlier than the client, whose person waits for all of its time.
    const ms = kind === "timeout" ? (request.timeoutMs ?? response.ms) : response.ms;
    const reading = isUnknown ? unknownReading(response) : read(response);
    this.#record(what, `${request.method} ${request.url}`, ms, reading);
    return response;
  }

  /** Connects to a mail port; `read` as with {@link request}. */
  async probe(
    what: string,
    question: MailPortQuestion,
    read: (view: MailPortView) => Reading,
  ): Promise<MailPortView> {
    const view = await this.#world.probe(question);
    const unknown = view.outcome !== "answered" && isUnseen(view.outcome) ? view : undefined;
    if (unknown !== undefined || view.outcome === "timeout") this.doubt();
    const ms = (view.outcome === "timeout" ? question.timeoutMs : undefined) ?? view.ms ?? 0;
    const target = `${question.host}:${question.port} ${question.protocol} ${question.tls}`;
    const reading: Reading =
      unknown === undefined ? read(view) : { answer: `not known: ${unknown.detail}`, effect: "unknown" };
    this.#record(what, target, ms, reading);
    return view;
  }

  /** Keeps a step that asks nothing of the world, or that the client takes `ms` for on its own. */
  note(what: string, target: string, reading: Reading, ms: number = 0): void {
    this.#record(what, target, ms, reading);
  }

  prompt(prompt: DiscoveryPrompt): void {
    const isKnown = this.#journal.prompts.some(
      ({ kind, target }) => kind === prompt.kind && target === prompt.target,
    );
    if (!isKnown) this.#journal.prompts.push(prompt);
  }

  /** Notes that the mailbox password goes to the origin of a URL. */
  sendPassword(url: string): void {
    this.#journal.passwordSentTo.add(new URL(url).origin);
  }

  /** Notes what the client's result rests on where the world does not know. */
  assume(sentence: string): void {
    this.#journal.assumptions.add(sentence);
  }

  /** Says that something decisive could not be looked at. */
  doubt(): void {
    this.#journal.isUncertain = true;
  }

  #record(what: string, target: string, ms: number, { answer, effect }: Reading): void {
    this.#journal.steps.push({ what, target, answer, ms, startMs: this.#elapsedMs, effect });
    this.#elapsedMs += ms;
  }
}

function readResolution(answer: Resolution): Reading {
  switch (answer.state) {
    case "found":
      return { answer: answer.data.join(", "), effect: "passed" };
    case "absent":
      return { answer: "none", effect: "passed" };
    case "unknown":
      return { answer: `not known: ${answer.reason}`, effect: "unknown" };
  }
}

function unknownReading(response: WorldResponse): Reading {
  const reason = response.state === "failed" ? response.reason : "";
  return { answer: `not known: ${reason}`, effect: "unknown" };
}
