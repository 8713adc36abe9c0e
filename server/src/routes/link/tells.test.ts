import type { Analysis } from '@2t1l/contract/analysis';
import { expect, test } from 'vitest';
import { buildAnalysis, three } from '../../../test/build-analysis.ts';
import { tellsPanel } from './tells.ts';
import { WORDS } from './texts.ts';

const said = (analysis: Analysis, language: 'en' | 'de' = 'en') => tellsPanel(analysis, { id: 'c1', lie_index: 2 }, WORDS[language]).markup;

test.each([
  [
    'the strongest signal',
    buildAnalysis(),
    [
      'Number 2: paused for 20.0% more of the time than in the other two.',
      'A blind guess is right in 33%',
      'A difference is no proof',
      'number 3: 10.0%',
      'delete it at any time',
    ],
  ],
  ['no clear signal', buildAnalysis({ strongest: false }), ['No clear signal.', 'Time in pauses', 'number 2: 30.0%']],
  [
    'the record beside it',
    buildAnalysis({ record: { challenges: 20, pointed: 9, crowd_share: 0.5 } }),
    ['on the lie in 45% of 20 challenges.', 'The crowd was right in 50%.'],
  ],
  ['a face in the dark', buildAnalysis({ seen: false }), ['Number 1: too dark to read a face', 'Number 2: paused']],
  ['not ready', three('pending'), ['still being measured', 'href="/c/c1?app"']],
  ['not wished', three('declined'), ['The author keeps their tells to themselves.']],
  ['not to be measured', three('failed'), ['could not be measured']],
  ['never compared', { ...buildAnalysis(), tells: null }, ['There was nothing to compare.']],
])('%s is said in words', (_what, analysis, parts) => {
  for (const part of parts) {
    expect(said(analysis)).toContain(part);
  }
});

test.each([
  ['not wished', three('declined')],
  ['not to be measured', three('failed')],
  ['without anything to compare', buildNothing()],
  ['never compared', { ...buildAnalysis(), tells: null }],
])('%s: no word of how things are measured, nor of chance, nor that it goes on', (_what, analysis) => {
  expect(said(analysis)).not.toMatch(/Measured in face and voice|No clear signal|blind guess|still being measured/);
});

/** No face and no voice in any of the three. */
function buildNothing(): Analysis {
  const { tells, ...analysis } = buildAnalysis({ strongest: false });
  return { ...analysis, tells: tells && { ...tells, segments: tells.segments.map((segment) => ({ ...segment, signals: [] })) } };
}

test('three statements are compared, the lie’s number has its shape, and German is spoken', () => {
  const panel = said(buildAnalysis(), 'de');
  expect(panel).toContain('Nummer 2: pausierte 20,0\u00a0% der Zeit mehr als in den anderen beiden.');
  expect([...panel.matchAll(/<li[ >].*?class="sign (lie|truth)"/gs)].map(([, shape]) => shape)).toEqual(['truth', 'truth', 'lie']);
  expect(said(three('pending'))).not.toContain('<li');
});
