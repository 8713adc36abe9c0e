/** The words for measured signals, in the player's language. */
import { TELL_WORDS, type TellWords, tellWords } from '@2t1l/contract/tell-words';
import { currentLanguage, defineTexts } from './i18n/i18n.ts';

const { useText } = defineTexts('tell-words', TELL_WORDS);

/** In a component. */
export function useTellWords(): TellWords {
  return tellWords(useText(), currentLanguage());
}
