/**
 * Runs before anything is drawn. On the light page it hands a visitor who has played here before over to the app; in the app it takes
 * `?app` out of the address. In both it first takes over what a visitor without scripts has played: their session lies in a cookie that
 * scripts cannot read, and the server gives it to whoever holds the cookie.
 */
(() => {
  const KEY = '2t1l.session';
  const { page, guest } = document.currentScript.dataset;

  const isApp = new URLSearchParams(location.search).has('app');
  if (page === 'light') {
    // Where the app was asked for and could not be given, asking again would be in vain.
    if (kept() && !isApp) {
      toApp();
      return;
    }
    document.documentElement.classList.add('js');
  } else if (isApp) {
    history.replaceState(history.state, '', location.pathname + location.hash);
  }
  if (guest === undefined) {
    return;
  }
  // The app asks for a player under the same lock (client/src/lib/account.ts), so it waits here and finds one.
  const lock = navigator.locks ? (work) => navigator.locks.request('2t1l-account', work) : (work) => work();
  lock(takeOver)
    .then((isTaken) => isTaken && page === 'light' && !isApp && toApp())
    .catch(() => {
      // The page was made for the cookie and works with it; the next page tries again.
    });

  async function takeOver() {
    if (kept()) {
      return false;
    }
    const answer = await fetch('/link/session', { method: 'POST' });
    if (!answer.ok) {
      return false;
    }
    const tokens = await answer.json();
    // As client/src/lib/api/session.ts keeps it.
    const { access_token, refresh_token, player } = tokens;
    const session = { access_token, refresh_token, expires_at_ms: Date.now() + tokens.expires_in * 1000, player };
    try {
      localStorage.setItem(KEY, JSON.stringify(session));
    } catch {
      return false;
    }
    window.dispatchEvent(new StorageEvent('storage', { key: KEY }));
    return true;
  }

  function kept() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function toApp() {
    location.replace(`${location.pathname}?app${location.hash}`);
  }
})();
