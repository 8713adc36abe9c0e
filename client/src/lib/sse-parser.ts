export interface SseMessage {
  id: string | null;
  event: string;
  data: string;
}

/** Reads server-sent events (WHATWG HTML, 9.2.6) from pieces of text cut anywhere. */
export function createSseParser(onMessage: (message: SseMessage) => void): (piece: string) => void {
  let rest = '';
  let id: string | null = null;
  let event = 'message';
  let data: string[] = [];

  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) {
        onMessage({ id, event, data: data.join('\n') });
      }
      event = 'message';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') {
      data.push(value);
    } else if (field === 'event') {
      event = value;
    } else if (field === 'id') {
      id = value;
    }
  };

  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const text of lines) {
      line(text);
    }
  };
}
