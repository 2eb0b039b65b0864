/** Languages that the settings page speaks (BCP 47). */
export const LANGUAGES = ["en", "de", "zh"] as const;

export type Language = (typeof LANGUAGES)[number];
