import { InvalidArgumentError } from "commander";
import { canonicalName } from "../../dns/comparison/canonical-name.ts";
import { ownerOf } from "../../dns/ownership.ts";

/** Which records `release` is about. */
export interface ReleaseTarget {
  /** FQDN, A-labels, lower case, no final dot. */
  readonly name: string;
  /** Upper case; undefined means every type. */
  readonly type: string | undefined;
}

const LABEL = /^(?:\*|[a-z0-9_-]{1,63})$/;

/** Reads `NAME` or `NAME/TYPE`; case, a final dot and U-labels are tolerated. @throws InvalidArgumentError */
export function parseReleaseTarget(text: string): ReleaseTarget {
  const [written = "", type, ...rest] = text.split("/");
  const name = canonicalName(written);
  const labels = name.split(".");
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) {
    throw new InvalidArgumentError("Write the record's name in full, for example autoconfig.example.com.");
  }
  if (rest.length > 0 || (type !== undefined && !/^[A-Za-z0-9]+$/.test(type))) {
    throw new InvalidArgumentError(
      "Write the type after one slash, for example autoconfig.example.com/CNAME.",
    );
  }
  return { name, type: type?.toUpperCase() };
}

/** Reads `PROJECT/STACK` and returns the owner as comments show it, shortened where it is long. @throws InvalidArgumentError */
export function parseStackName(text: string): string {
  const [project = "", stack = "", ...rest] = text.split("/");
  if (project === "" || stack === "" || rest.length > 0) {
    throw new InvalidArgumentError("Write PROJECT/STACK, without the organization.");
  }
  return ownerOf({ project, stack });
}
