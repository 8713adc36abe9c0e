import type { Frame } from './types.ts';

/** A turned square of a picture: centre and side in pixels, `angle` in radians, clockwise. */
export type Square = { x: number; y: number; side: number; angle: number };

/** Share of a colour in the brightness (ITU-R BT.601, as in the faces that the expression net was trained on). */
const LUMA = [0.299, 0.587, 0.114] as const;

/** Point of the picture under the point (u, v) of the square, both 0..1 from its top left. */
export function pointIn(square: Square, u: number, v: number): { x: number; y: number } {
  const cos = Math.cos(square.angle) * square.side;
  const sin = Math.sin(square.angle) * square.side;
  return { x: square.x + (u - 0.5) * cos - (v - 0.5) * sin, y: square.y + (u - 0.5) * sin + (v - 0.5) * cos };
}

/**
 * Cuts a square out of a frame and scales it to `size` x `size` pixels of 3 channels, values 0..255. Outside the frame is `outside`, or, with
 * `edge`, the nearest pixel. A shrinking cut takes the mean of several points a pixel, so that no detail is skipped.
 */
export function cut(frame: Frame, square: Square, size: number, outside: number | 'edge'): Float32Array {
  const out = new Float32Array(size * size * 3);
  const { data, width, height } = frame;
  // Between neighbouring pixels a point is a mix of four, so one point serves two pixels' width.
  const points = Math.min(4, Math.max(1, Math.ceil(square.side / size / 2)));
  const step = square.side / size / points;
  const cos = Math.cos(square.angle) * step;
  const sin = Math.sin(square.angle) * step;
  const share = 1 / (points * points);
  const middle = (size * points - 1) / 2;
  for (let row = 0; row < size * points; row++) {
    const to = Math.floor(row / points) * size;
    for (let column = 0; column < size * points; column++) {
      // Pixel centres lie at half coordinates; the half is taken off both sides.
      let x = square.x - 0.5 + (column - middle) * cos - (row - middle) * sin;
      let y = square.y - 0.5 + (column - middle) * sin + (row - middle) * cos;
      const at = (to + Math.floor(column / points)) * 3;
      if (outside !== 'edge' && (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5)) {
        out[at] = (out[at] as number) + outside * share;
        out[at + 1] = (out[at + 1] as number) + outside * share;
        out[at + 2] = (out[at + 2] as number) + outside * share;
        continue;
      }
      x = Math.min(Math.max(x, 0), width - 1);
      y = Math.min(Math.max(y, 0), height - 1);
      const left = Math.min(Math.floor(x), width - 2 < 0 ? 0 : width - 2);
      const top = Math.min(Math.floor(y), height - 2 < 0 ? 0 : height - 2);
      const fx = x - left;
      const fy = y - top;
      const a = (top * width + left) * 3;
      const b = width > 1 ? a + 3 : a;
      const down = height > 1 ? width * 3 : 0;
      const wa = (1 - fx) * (1 - fy) * share;
      const wb = fx * (1 - fy) * share;
      const wc = (1 - fx) * fy * share;
      const wd = fx * fy * share;
      for (let c = 0; c < 3; c++) {
        out[at + c] =
          (out[at + c] as number) +
          (data[a + c] as number) * wa +
          (data[b + c] as number) * wb +
          (data[a + down + c] as number) * wc +
          (data[b + down + c] as number) * wd;
      }
    }
  }
  return out;
}

/** Brightness of RGB pixels, one number a pixel, in the units of the input. */
export function grey(rgb: Float32Array): Float32Array {
  const out = new Float32Array(rgb.length / 3);
  for (let i = 0; i < out.length; i++) {
    const at = i * 3;
    out[i] = (rgb[at] as number) * LUMA[0] + (rgb[at + 1] as number) * LUMA[1] + (rgb[at + 2] as number) * LUMA[2];
  }
  return out;
}

/** Brightness of a frame, 0..255, that nine in ten of its pixels (one in sixteen is looked at) stay below. */
export function brightness(frame: Frame): number {
  const counts = new Uint32Array(256);
  let n = 0;
  for (let y = 2; y < frame.height; y += 4) {
    for (let x = 2; x < frame.width; x += 4) {
      const at = (y * frame.width + x) * 3;
      const [r, g, b] = [frame.data[at] as number, frame.data[at + 1] as number, frame.data[at + 2] as number];
      const level = Math.round(r * LUMA[0] + g * LUMA[1] + b * LUMA[2]);
      counts[level] = (counts[level] as number) + 1;
      n++;
    }
  }
  let below = 0;
  for (let level = 0; level < 256; level++) {
    below += counts[level] as number;
    if (below >= n * 0.9) {
      return level;
    }
  }
  return 0;
}
