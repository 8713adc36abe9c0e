/**
 * Makes the plain page quick: the film under the thumb, the dial, the guess without leaving the page. Everything here goes through the
 * same API as the app's; the guest it makes is the one that the app finds (client/src/lib/api/session.ts).
 */
(() => {
  const KEY = '2t1l.session';
  const API = '/api/v1';
  const EARLY_MS = 30_000;
  const LATE_MS = 20_000;
  const PROMPT_MS = 30_000;
  const SPEEDS = [1, 1.25, 1.5, 0.75];
  const words = JSON.parse(document.currentScript.dataset.words);
  const say = (key, values = {}) => words[key].replace(/\{\{(\w+)\}\}/g, (_all, name) => values[name] ?? '');
  const find = (selector) => document.querySelector(selector);
  const { id, commitment, app } = document.body.dataset;

  // --- the film ---

  const stage = find('.stage');
  const film = find('#film');
  const tap = find('.tap');
  const failed = find('.failed');
  const bars = [...document.querySelectorAll('.bars button')].map((button) => ({
    button,
    fill: button.querySelector('b'),
    start: Number(button.dataset.start),
    end: Number(button.dataset.end),
  }));
  let late = 0;

  film.controls = false;
  const play = () => {
    film.play().catch(() => showFilm());
    late ||= setTimeout(() => film.readyState < 2 && showFailed(true), LATE_MS);
  };
  const toggle = () => {
    if (film.paused) {
      if (film.ended) {
        film.currentTime = 0;
      }
      play();
    } else {
      film.pause();
    }
  };
  const jump = (index) => {
    film.currentTime = bars[index].start + 0.01;
    play();
  };
  const showFilm = () => {
    const now = bars.filter(({ start }) => start <= film.currentTime + 0.05).length - 1;
    for (const [index, { button, fill, start, end }] of bars.entries()) {
      fill.style.transform = `scaleX(${Math.min(1, Math.max(0, (film.currentTime - start) / (end - start)))})`;
      button.classList.toggle('now', index === now && film.currentTime > 0);
    }
    stage.classList.toggle('playing', !film.paused);
    stage.classList.toggle('ended', film.ended);
    tap.setAttribute('aria-label', film.ended ? words.replay : film.paused ? words.play : words.pause);
    if (!film.paused && !document.hidden) {
      requestAnimationFrame(showFilm);
    }
  };
  const showFailed = (isFailed) => {
    failed.hidden = !isFailed;
    tap.hidden = isFailed;
  };
  for (const kind of ['play', 'pause', 'ended', 'seeked']) {
    film.addEventListener(kind, showFilm);
  }
  film.addEventListener('loadeddata', () => showFailed(false));
  film.addEventListener('error', () => showFailed(true));
  if (film.error) {
    showFailed(true);
  }
  tap.addEventListener('click', toggle);
  bars.forEach(({ button }, index) => {
    button.addEventListener('click', () => jump(index));
  });
  failed.querySelector('button').addEventListener('click', () => {
    // The address in the page may have expired; this one leads to a fresh one.
    film.src = `${API}/challenges/${id}/video`;
    showFailed(false);
    clearTimeout(late);
    late = 0;
    play();
  });
  find('#speed').addEventListener('click', ({ currentTarget }) => {
    film.playbackRate = SPEEDS[(SPEEDS.indexOf(film.playbackRate) + 1) % SPEEDS.length] ?? 1;
    film.defaultPlaybackRate = film.playbackRate;
    currentTarget.textContent = `${film.playbackRate}×`;
    currentTarget.setAttribute('aria-label', say('speed', { speed: `${film.playbackRate}×` }));
  });
  find('#captions')?.addEventListener('click', ({ currentTarget }) => {
    const [track] = film.textTracks;
    track.mode = track.mode === 'showing' ? 'hidden' : 'showing';
    currentTarget.setAttribute('aria-pressed', String(track.mode === 'showing'));
  });
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, a, summary')) {
      return;
    }
    if ('123'.includes(key)) {
      jump(Number(key) - 1);
    } else if (key === 'k' || (key === ' ' && !target.closest('button'))) {
      event.preventDefault();
      toggle();
    }
  });

  // --- pick and dial ---

  const form = find('#guess');
  const dial = find('#percent');
  const gauge = find('.gauge');
  const lock = form.querySelector('.main');
  const note = form.querySelector('.note');
  const stakes = form.dataset.stakes.split(',').map((pair) => pair.split(' '));
  const [least, most] = [Number(dial.min), Number(dial.max)];
  const picked = () => form.querySelector('[name=guess]:checked');
  let isBusy = false;

  const showPick = () => {
    const percent = Number(dial.value);
    gauge.style.setProperty('--sure', String(((percent - least) / (most - least)) * 100));
    gauge.querySelector('output').textContent = `${percent} %`;
    dial.setAttribute('aria-valuetext', say('dial_value', { percent }));
    const [right, wrong] = stakes[percent - least];
    lock.textContent = isBusy ? words.locking : picked() ? say('lock_stakes', { right, wrong }) : words.lock_empty;
    // Not `disabled`: it says what is missing to those who come to it by keyboard.
    lock.toggleAttribute('aria-disabled', isBusy || !picked());
    if (lock.hasAttribute('aria-disabled')) {
      lock.setAttribute('aria-disabled', 'true');
    }
  };
  const turnTo = (percent) => {
    dial.value = String(Math.min(most, Math.max(least, Math.round(percent))));
    showPick();
  };
  /** On whole fives. */
  const step = (by) => turnTo(((by > 0 ? Math.floor : Math.ceil)(Number(dial.value) / 5) + by) * 5);
  const turnToFinger = ({ clientX, clientY }) => {
    const box = gauge.getBoundingClientRect();
    const [x, y] = [clientX - box.left - box.width / 2, box.height * 0.9 - (clientY - box.top)];
    turnTo(least + (1 - Math.atan2(Math.max(0, y), x) / Math.PI) * (most - least));
  };

  form.noValidate = true;
  form.addEventListener('input', showPick);
  dial.addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      step(by);
    }
  });
  for (const button of form.querySelectorAll('.step')) {
    button.addEventListener('click', () => step(Number(button.dataset.step)));
  }
  gauge.addEventListener('pointerdown', (event) => {
    gauge.setPointerCapture(event.pointerId);
    gauge.classList.add('dragging');
    dial.focus({ preventScroll: true });
    turnToFinger(event);
    event.preventDefault();
  });
  gauge.addEventListener('pointermove', (event) => gauge.hasPointerCapture(event.pointerId) && turnToFinger(event));
  gauge.addEventListener('lostpointercapture', () => gauge.classList.remove('dragging'));
  showPick();

  // --- the guess ---

  /** One for this page: a repetition after a lost answer is the same guess. */
  const guessKey = crypto.getRandomValues(new Uint32Array(4)).join('-');

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isBusy || !picked()) {
      return;
    }
    isBusy = true;
    note.hidden = true;
    showPick();
    guess()
      .catch((problem) => tell(problem))
      .finally(() => {
        isBusy = false;
        showPick();
      });
  });

  async function guess() {
    const percent = Number(dial.value);
    const body = { guess: Number(picked().value), confidence: percent <= least ? 1 / 3 : percent / 100 };
    try {
      await asPlayer(`${API}/challenges/${id}/guesses`, { method: 'POST', body, headers: { 'Idempotency-Key': guessKey } });
    } catch (problem) {
      if (problem.code !== 'already_guessed') {
        throw problem;
      }
    }
    const answer = await asPlayer(`/c/${id}/answer`, {});
    await reveal(await answer.text());
  }

  function tell({ code }) {
    if (code === 'session_ended') {
      location.replace(`/c/${id}?app`);
      return;
    }
    note.textContent = words[code] ?? words.internal;
    note.hidden = false;
    note.scrollIntoView({ block: 'nearest' });
  }

  async function reveal(markup) {
    film.pause();
    const sheet = find('.sheet');
    sheet.innerHTML = markup;
    find('.who p span').textContent = sheet.firstChild.dataset.underName;
    sheet.parentElement.append(stage);
    document.body.classList.add('revealed');
    scrollTo(0, 0);
    const result = sheet.querySelector('.result');
    result?.classList.add('turning');
    result?.focus({ preventScroll: true });
    await checkSeal(sheet.querySelector('.seal')).catch(() => {
      // No digest without https: the seal stays there to be checked by hand.
    });
    if (!navigator.connection?.saveData) {
      (window.requestIdleCallback ?? setTimeout)(() => app.split(' ').forEach(fetchAhead));
    }
  }

  /** Against what this page said before the guess, not only against what came with the answer. */
  async function checkSeal(seal) {
    const { nonce, lie } = seal.dataset;
    const bytes = Uint8Array.from([...nonce.match(/../g).map((pair) => Number.parseInt(pair, 16)), Number(lie)]);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const isKept = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') === commitment;
    seal.classList.toggle('broken', !isKept);
    seal.querySelector('h2').firstChild.textContent = `${isKept ? words.kept : words.broken} `;
    seal.querySelector('p').textContent = isKept ? words.kept_body : words.broken_body;
  }

  function fetchAhead(href) {
    if (href !== '') {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', as: 'script', href }));
    }
  }

  // --- who plays ---

  /** Used where the browser forbids storage. */
  let inMemory = null;

  function readSession() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? inMemory;
    } catch {
      return inMemory;
    }
  }

  async function keepSession(answer) {
    const { access_token, refresh_token, expires_in, player } = await answer.json();
    inMemory = { access_token, refresh_token, expires_at_ms: Date.now() + expires_in * 1000, player };
    try {
      localStorage.setItem(KEY, JSON.stringify(inMemory));
    } catch {
      // kept in memory
    }
    return inMemory;
  }

  /** One tab at a time, by the locks that the app uses too. */
  function alone(name, work) {
    return navigator.locks ? navigator.locks.request(name, work) : work();
  }

  /** Another tab may have become somebody since this page was opened; nobody becomes a guest. */
  async function accessToken() {
    const session = await alone(
      '2t1l-account',
      async () => readSession() ?? keepSession(await send(`${API}/auth/guest`, { method: 'POST' })),
    );
    if (session.expires_at_ms - EARLY_MS > Date.now()) {
      return session.access_token;
    }
    return alone('2t1l-refresh', async () => {
      const now = readSession();
      if (now.access_token !== session.access_token) {
        return now.access_token;
      }
      const body = { refresh_token: now.refresh_token };
      return (await keepSession(await send(`${API}/auth/refresh`, { method: 'POST', body }))).access_token;
    });
  }

  async function asPlayer(url, { headers, ...options }) {
    return send(url, { ...options, headers: { ...headers, Authorization: `Bearer ${await accessToken()}` } });
  }

  /** Throws an Error with the problem's `code`: `offline` where nothing came, `session_ended` for every 401. */
  async function send(url, { method = 'GET', body, headers = {} }) {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    let answer;
    try {
      answer = await fetch(url, {
        method,
        headers: { ...json, ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PROMPT_MS),
      });
    } catch (cause) {
      throw Object.assign(new Error(url, { cause }), { code: 'offline' });
    }
    if (answer.ok) {
      return answer;
    }
    const problem = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(url), { code: answer.status === 401 ? 'session_ended' : (problem.code ?? 'internal') });
  }
})();
