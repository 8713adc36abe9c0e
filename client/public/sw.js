/**
 * Keeps the app's shell (page, programs, fonts, marks) on the device, so that it opens without a network. Nothing else: no answer of the
 * API, no video, nothing under an address with a key. One cache a version, filled as a whole or not at all.
 */

/** Written by scripts/web.mjs, which knows the built files. */
const BUILD = { version: 'none', files: [], push: false };

const PREFIX = '2t1l-shell-';
const CACHE = PREFIX + BUILD.version;
const PAGE = '/index.html';
/** Pages of the server's own; the app has nothing to show there. */
const NOT_OURS = /^\/(api|docs|health|metrics|openapi\.json)(\/|$)/;

if (BUILD.push) {
  importScripts('/push-sw.js');
}

self.addEventListener('install', (event) => event.waitUntil(fill()));

self.addEventListener('message', (event) => {
  if (event.data === 'activate') {
    self.skipWaiting();
  }
});

self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || NOT_OURS.test(url.pathname)) {
    return;
  }
  if (request.mode === 'navigate') {
    event.respondWith(page(event));
  } else if (url.search === '' && url.pathname !== PAGE && isKept(url.pathname)) {
    event.respondWith(fromCache(request));
  }
});

async function fill() {
  const cache = await caches.open(CACHE);
  try {
    // Names with a hash never change, so the browser's own cache may give them; the page must be the server's.
    await cache.addAll(
      BUILD.files.filter((path) => path !== PAGE).map((path) => new Request(path, { cache: isHashed(path) ? 'default' : 'reload' })),
    );
    const page = await fetch(PAGE, { cache: 'reload', headers: { accept: 'text/html' } });
    const programs = [...(await page.clone().text()).matchAll(/src="(\/_expo\/[^"]+)"/g)].map((match) => match[1]);
    // A deploy in between: page and programs would not fit. The next look at this file brings the whole.
    if (!page.ok || programs.length === 0 || programs.some((path) => !BUILD.files.includes(path))) {
      throw new Error('the page belongs to another version');
    }
    await cache.put(PAGE, page);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** The version before stays until the next one comes: tabs that are still open may ask for its parts. */
async function takeOver() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

/** The network's, which the browser asks while this worker starts; where that fails, the kept one. */
async function page({ preloadResponse, request }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch {
    return (await caches.match(PAGE, { cacheName: CACHE })) ?? Response.error();
  }
}

/** This version's files, and whatever has a hash: it may be of the version before. */
function isKept(path) {
  return BUILD.files.includes(path) || (path.startsWith('/_expo/') && isHashed(path));
}

async function fromCache(request) {
  const ours = await caches.match(request, { cacheName: CACHE, ignoreVary: true });
  return ours ?? (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

function isHashed(path) {
  return /[.-][0-9a-f]{16,}\.\w+$/i.test(path);
}
