import { getLocales } from 'expo-localization';
import i18next from 'i18next';
import { useCallback, useSyncExternalStore } from 'react';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];
export type LanguageChoice = Language | 'system';

/** The device's language where we speak it, else English. */
export function systemLanguage(): Language {
  const codes = getLocales().map((locale) => locale.languageCode);
  return LANGUAGES.find((language) => language === codes.find((code) => LANGUAGES.some((ours) => ours === code))) ?? 'en';
}

void i18next.init({
  lng: systemLanguage(),
  fallbackLng: 'en',
  resources: {},
  interpolation: { escapeValue: false },
  initAsync: false,
});

export function setLanguage(choice: LanguageChoice): void {
  const language = choice === 'system' ? systemLanguage() : choice;
  void i18next.changeLanguage(language);
  if (typeof document !== 'undefined') {
    document.documentElement.lang = language;
  }
}

/** The language in use, for `Intl`. */
export function currentLanguage(): Language {
  return LANGUAGES.find((language) => language === i18next.language) ?? 'en';
}

/** `left_one` and `left_other` are asked for as `left` with a `count`. */
type PluralStem<K> = K extends `${infer Stem}_${'zero' | 'one' | 'other'}` ? Stem : K;
export type TextKey<T> = PluralStem<Extract<keyof T, string>>;
export type Values = Record<string, string | number>;
export type Translate<T> = (key: TextKey<T>, values?: Values) => string;

export interface Texts<T> {
  /** In a component: a function that is made anew when the language changes. */
  useText: () => Translate<T>;
  /** Outside of one. */
  text: Translate<T>;
}

/** i18next's own types know one fixed set of keys; ours are checked by `TextKey`. */
type Loose = (key: string, values: Values) => string;

/** Gives a feature its texts: English decides the keys, the other language must have the same. Values stand in `{{braces}}`. */
export function defineTexts<const T extends Record<string, string>>(
  namespace: string,
  texts: { en: T; de: { [K in keyof T]: string } },
): Texts<T> {
  for (const language of LANGUAGES) {
    i18next.addResourceBundle(language, namespace, texts[language]);
  }
  const text: Translate<T> = (key, values) => (i18next.t as Loose)(key, { ...values, ns: namespace });
  return {
    useText: () => {
      const language = useSyncExternalStore(onLanguage, languageNow, languageNow);
      // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for those who remember what it said
      return useCallback((key, values) => text(key, values), [language]);
    },
    text,
  };
}

function onLanguage(listener: () => void): () => void {
  i18next.on('languageChanged', listener);
  return () => i18next.off('languageChanged', listener);
}

const languageNow = () => i18next.language;
