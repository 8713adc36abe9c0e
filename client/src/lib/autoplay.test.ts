import { expect, it } from '@jest/globals';
import { hushStarts } from './autoplay.web.ts';

it('a start that was interrupted is nobody’s fault, and still tells those who ask', async () => {
  class Film {
    play(): Promise<void> {
      return Promise.reject(new DOMException('The media was removed from the document.', 'AbortError'));
    }
  }
  hushStarts(Film.prototype);
  const film = new Film();
  void film.play();
  // A rejection that nobody has taken by now fails the test.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await expect(film.play()).rejects.toThrow('removed');
});
