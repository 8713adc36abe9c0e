/** Lighthouse as a phone on a slow network (simulated: it counts what would have been waited for, so a busy machine matters less). */
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { findChromium } from './browser.ts';
import { freePort } from './server.ts';

/** 0 to 100. */
export interface LighthouseScores {
  performance: number;
  accessibility: number;
  'best-practices': number;
}

export interface LighthouseRun {
  scores: LighthouseScores;
  /** Audits that are not perfect, with their score and what they show. */
  faults: string[];
}

/** Visits `url` in a fresh browser, with the mobile profile. */
export async function visitWithLighthouse(url: string): Promise<LighthouseRun> {
  const port = await freePort();
  const args = [`--remote-debugging-port=${port}`, '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  try {
    const onlyCategories = ['performance', 'accessibility', 'best-practices'];
    const result = await lighthouse(url, {
      port,
      onlyCategories,
      output: 'json',
      logLevel: 'error',
      maxWaitForLoad: 30_000,
      disableFullPageScreenshot: true,
    });
    if (result === undefined || result.lhr.runtimeError !== undefined) {
      throw new Error(`Lighthouse could not visit ${url}: ${result?.lhr.runtimeError?.message ?? 'no result'}`);
    }
    const { categories, audits } = result.lhr;
    const score = (name: keyof LighthouseScores) => Math.round((categories[name]?.score ?? 0) * 100);
    return {
      scores: { performance: score('performance'), accessibility: score('accessibility'), 'best-practices': score('best-practices') },
      faults: Object.values(audits)
        .filter((audit) => audit.score !== null && audit.score < 1)
        .map((audit) => `${audit.id} ${audit.score} ${audit.displayValue ?? ''}`),
    };
  } finally {
    await browser.close();
  }
}
