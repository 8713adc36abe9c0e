/** What the house tells. Every statement can be looked up; the story says where the truth lies. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import type { DrawnScene } from '../ports.ts';

export interface HouseStory {
  /** Fixed, so that a second start finds it again. */
  id: string;
  title: string;
  prompt: string;
  /** The same voice and figure for all three: nothing but the words differs. */
  voice: DrawnScene['voice'];
  figure: number;
  statements: readonly [string, string, string];
  lie_index: SegmentIndex;
  story: string;
}

export const HOUSE_STORIES: readonly HouseStory[] = [
  {
    id: '0198f000-0000-7000-8000-000000000001',
    title: 'Three animals nobody would dare to invent',
    prompt: 'Animals that sound made up',
    voice: 'slt',
    figure: 0,
    statements: [
      'A wombat leaves droppings in the shape of little cubes.',
      'A flamingo hatches bright pink, and slowly fades to white as it grows old.',
      'An octopus has three hearts, and the blood they pump is blue.',
    ],
    lie_index: 1,
    story: [
      'Flamingos do it the other way round: the chicks hatch grey, and only the food, full of carotenoids, dyes them pink over the years.',
      'The cubes are real: the last part of a wombat’s gut stretches unevenly and presses corners into what passes. Zoologists won an Ig Nobel Prize for finding that out in 2019.',
      'So are the hearts: two pump blood through the gills, one through the rest of the octopus, and copper in the blood makes it blue.',
    ].join('\n'),
  },
  {
    id: '0198f000-0000-7000-8000-000000000002',
    title: 'Time is stranger than it looks',
    prompt: 'Things that happened in the wrong order',
    voice: 'rms',
    figure: 2,
    statements: [
      'Cleopatra lived closer to the first landing on the Moon than to the building of the Great Pyramid.',
      'The planet Venus takes longer to turn around itself once than to travel around the Sun.',
      'The Aztecs had ruled from their capital for two hundred years before anybody taught at Oxford.',
    ],
    lie_index: 2,
    story: [
      'Oxford is older. There was teaching by 1096; the Aztecs founded Tenochtitlan in 1325, more than two centuries later.',
      'The Great Pyramid was finished about 2560 BC, some 2,500 years before Cleopatra; from her death in 30 BC to the Moon it is not quite 2,000.',
      'Venus needs 243 of our days for one turn and 225 for its way around the Sun: its year is over before its day is.',
    ].join('\n'),
  },
  {
    id: '0198f000-0000-7000-8000-000000000003',
    title: 'The house introduces itself',
    prompt: 'Confessions of a computer',
    voice: 'awb',
    figure: 3,
    statements: [
      'I wait for your guess before I decide which of my three statements is the lie.',
      'My voice was never recorded. Every word of it is computed, one vibration at a time.',
      'My face is drawn by the very same program that joins your three clips into one.',
    ],
    lie_index: 0,
    story: [
      'I could not wait even if I wanted to. The moment a challenge is published, its lie is locked: a seal over the answer is public from then on, and your device has just checked it: see below.',
      'The voice is flite, a speech synthesiser small enough for a wristwatch. The face and the joining are both the work of ffmpeg.',
    ].join('\n'),
  },
];
