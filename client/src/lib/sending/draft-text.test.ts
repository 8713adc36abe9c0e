import { expect, test } from '@jest/globals';
import { NO_TEXT, unsentText } from './draft-text.ts';

const SERVER_KNOWS_NOTHING = null;

test('a title that is left empty goes with the idea, so that the server names the challenge after it', () => {
  const idea = { ...NO_TEXT, prompt: 'My worst present' };
  expect(unsentText(idea, SERVER_KNOWS_NOTHING)).toEqual({ prompt: 'My worst present', title: '' });
  expect(unsentText({ ...idea, prompt: null }, idea)).toEqual({ prompt: null, title: '' });
  expect(unsentText(idea, idea)).toEqual({});
  expect(unsentText({ ...idea, title: 'Mine' }, { ...NO_TEXT, title: 'Mine' })).toEqual({ prompt: 'My worst present' });
});
