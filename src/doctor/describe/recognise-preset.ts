import { FORMER_PROVIDERS } from "../../dns/comparison/former-providers.ts";
import type { Preset, PresetDefaults } from "../../spec/preset.ts";
import { PRESETS } from "../../spec/presets/presets.ts";
import type { LivingDomain } from "./living-domain.ts";

/** A hosted provider whose exchangers take the domain's mail. */
export interface RecognisedPreset {
  readonly preset: Preset;
  /** Values that only the domain's own records tell. */
  readonly values: Readonly<Record<string, string>>;
  readonly defaults: PresetDefaults;
}

type Values = Readonly<Record<string, string>>;

/**
 * Returns the provider by the domain's mail exchangers: they must be those that a hosted preset gives, with values that
 * are read from the records. Panels are not seen: their exchanger is the operator's own server.
 */
export function recognisePreset(living: LivingDomain): RecognisedPreset | undefined {
  for (const preset of PRESETS.filter(({ kind }) => kind === "hosted")) {
    for (const values of requiredValues(preset, living)) {
      const context = { domain: living.domain, mailHost: undefined };
      if (!takesMail(preset.defaults({ ...context, values }), living) && !hasTraces(preset, living)) continue;
      const all = withOptional(preset, values, living);
      return { preset, values: all, defaults: preset.defaults({ ...context, values: all }) };
    }
  }
  return undefined;
}

function takesMail({ mx }: PresetDefaults, living: LivingDomain): boolean {
  const hosts = mx === undefined || mx === false ? [] : mx.map(({ host }) => host);
  return living.mx.some(({ host }) => hosts.includes(host));
}

/** Exchangers that a provider gave out formerly, and still has. */
function hasTraces({ name }: Preset, { domain, mx }: LivingDomain): boolean {
  const patterns = FORMER_PROVIDERS.find(({ preset }) => preset === name)?.patterns ?? [];
  return mx.some(({ host }) => {
    const record = { id: "", type: "MX", name: domain, content: host, ttl: 1, proxied: false };
    return patterns.some((matches) => matches(record));
  });
}

/** Every choice of the required values that the exchangers' names allow; one without any where none is needed. */
function requiredValues({ values }: Preset, { mx }: LivingDomain): readonly Values[] {
  const words = mx.flatMap(({ host }) => [host, host.slice(host.lastIndexOf(".") + 1)]);
  return values
    .filter(({ isRequired }) => isRequired)
    .reduce<readonly Values[]>(
      (made, { key, pattern }) =>
        made.flatMap((known) =>
          [...new Set(words.filter((word) => pattern.test(word)))].map((word) => ({ ...known, [key]: word })),
        ),
      [{}],
    );
}

/** Adds the optional values under which the preset gives a DKIM key that the domain has. */
function withOptional(preset: Preset, values: Values, living: LivingDomain): Values {
  const found = living.dkim.flatMap((key) => ("cname" in key ? [key] : []));
  const words = found.flatMap(({ cname }) => [cname, ...cname.split(".")]);
  const keysWith = (tried: Values): readonly string[] => {
    const { dkim = [] } = preset.defaults({ domain: living.domain, mailHost: undefined, values: tried });
    return dkim.map(({ selector, cname }) => `${selector} ${cname ?? ""}`);
  };
  const standing = new Set(found.map(({ selector, cname }) => `${selector} ${cname}`));
  return preset.values
    .filter(({ isRequired }) => !isRequired)
    .reduce<Values>((known, { key, pattern }) => {
      const before = new Set(keysWith(known));
      // A key that the preset gives without the value, or by another one, says nothing about this one.
      const word = words.find(
        (candidate) =>
          pattern.test(candidate) &&
          keysWith({ ...known, [key]: candidate }).some((made) => !before.has(made) && standing.has(made)),
      );
      return word === undefined ? known : { ...known, [key]: word };
    }, values);
}
