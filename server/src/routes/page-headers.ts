/** Security headers of pages. The API's own answers are JSON and need none but `nosniff`. */
import { createHash } from 'node:crypto';

/**
 * For pages whose inline scripts are `html`'s own: each is allowed by its hash. Players may choose another server, so pages may call any;
 * videos are recorded into and played from blobs; the analysis runs WebAssembly.
 */
export function pageHeaders(html: string, isTls: boolean): Record<string, string> {
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval'${inlineScripts(html)}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: http: https:",
    "media-src 'self' data: blob: http: https:",
    "connect-src 'self' data: blob: http: https: ws: wss:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'permissions-policy': 'camera=(self), microphone=(self), display-capture=(), geolocation=(), payment=()',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    ...(isTls ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

function inlineScripts(html: string): string {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)].map((match) => match[1] ?? '');
  return scripts
    .filter((script) => script !== '')
    .map((script) => ` 'sha256-${createHash('sha256').update(script).digest('base64')}'`)
    .join('');
}
