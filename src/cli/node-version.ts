/** The oldest Node that runs this package: `engines` of package.json says the same. */
const OLDEST = { major: 22, minor: 18 };

/**
 * Returns what to tell somebody whose Node is too old, before a missing function does; undefined where it is not. This
 * file has to load in any Node.
 */
export function oldNodeMessage(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined;
  return `error: Node ${OLDEST.major}.${OLDEST.minor} or newer is needed; this is ${version}.
  Put a newer node first on the PATH, such as the one of \`npm install node@24\` in node_modules/.bin.
`;
}
