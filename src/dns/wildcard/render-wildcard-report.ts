import type {
  CaughtName,
  Exposure,
  RecordAnswer,
  WildcardIssue,
  WildcardLoss,
  WildcardReport,
} from "./wildcard-report.ts";

const NOW: Readonly<Record<CaughtName["now"], string>> = {
  explicit: "now a record of its own",
  tombstone: "now a tombstone, no answer",
  blocked: "now no answer",
  "still-wildcard": "still so",
};

const RECEIVES: Readonly<Record<Exposure, string>> = {
  password: "would receive the mailbox password from a client that tries it",
  settings: "would name the server that gets the mailbox password",
  delivery: "would speak for the domain's mail",
};

/**
 * Renders a report as short lines for the preview; none where no wildcard touches the domain. Names of which the same is
 * to be said share a line.
 */
export function renderWildcardReport(report: WildcardReport): readonly string[] {
  const issues = [...report.problems, ...report.warnings];
  const told = new Set(issues.flatMap((issue) => ("caught" in issue ? [issue.caught] : [])));
  return [
    ...report.wildcards.map((wildcard) => `wildcard ${wildcard}: left as it is`),
    ...grouped(
      report.caught.filter((caught) => !told.has(caught)),
      caughtWords,
    ),
    ...report.losses.filter(({ weight }) => weight === "note").map(renderNote),
    ...report.losses
      .filter(({ accepted, weight }) => accepted && weight !== "note")
      .map((loss) => `accepted: ${renderLoss(loss)}`),
    ...renderWildcardIssues(report.warnings).map((line) => `warning: ${line}`),
    ...renderWildcardIssues(report.problems).map((line) => `problem: ${line}`),
  ];
}

/** Renders problems or warnings, of one kind and cause to a line. */
export function renderWildcardIssues(issues: readonly WildcardIssue[]): readonly string[] {
  const taken = issues.flatMap((issue) => (issue.code === "guess-name-taken" ? [issue.caught] : []));
  const caught = issues.flatMap((issue) =>
    "caught" in issue && issue.code !== "guess-name-taken" ? [issue.caught] : [],
  );
  const losses = issues.flatMap((issue) => ("loss" in issue ? [issue.loss] : []));
  return [
    ...grouped(caught, ({ owner, answers, exposure }) => {
      return `answered by ${owner}: ${renderAnswers(answers)} ${RECEIVES[exposure]}`;
    }),
    ...grouped(taken, ({ owner, answers }) => `led to ${renderAnswers(answers)} by ${owner} until now`),
    ...losses.map(renderLoss),
  ];
}

/** Renders a single problem or warning. */
export function renderWildcardIssue(issue: WildcardIssue): string {
  return renderWildcardIssues([issue]).join(" ");
}

function grouped(caught: readonly CaughtName[], words: (caught: CaughtName) => string): readonly string[] {
  const groups = Map.groupBy(caught, words);
  return [...groups].map(([said, names]) => `${names.map(({ name }) => name).join(", ")}: ${said}`);
}

function caughtWords({ types, owner, answers, now }: CaughtName): string {
  return `${owner} answered ${types.join("/")} with ${renderAnswers(answers)}; ${NOW[now]}`;
}

function renderLoss({ name, because, owner, lost, isTransient, weight }: WildcardLoss): string {
  const when = isTransient ? "while a certificate is validated, " : "";
  const what = `${renderAnswers(lost)} of ${owner}`;
  if (weight === "warning") return `${when}${name} answers for itself, without ${what}`;
  return `${when}${name} and the names below it lose ${what}${because === name ? "" : ` because of ${because}`}`;
}

function renderNote({ name, because, owner }: WildcardLoss): string {
  return `${name} exists with ${because}, so ${owner} ends there; nobody asks for what it said`;
}

function renderAnswers(answers: readonly RecordAnswer[]): string {
  return answers
    .map(({ type, content, proxied }) => `${type} ${content}${proxied ? " (proxied)" : ""}`)
    .join(", ");
}
