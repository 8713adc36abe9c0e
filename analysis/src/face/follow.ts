import type { Square } from './picture.ts';
import type { FaceFrame, FrameFaces, Sighting } from './types.ts';

/** From one picture to the next a face moves no further than this many of its sides. */
const REACH = 1;
/** And grows or shrinks by this factor at most. */
const GROWTH = 1.6;
/** Another face with this share of the author's prominence over the clip is as much in the picture as the author. */
const EQUAL = 0.8;

/** One person through the clip: their sighting in each picture by its index. */
type Person = { last: Square; prominence: number; seen: Map<number, Sighting> };

/**
 * The author's face through a whole clip, one reading a picture: the largest and most central one over all pictures, however they were split into
 * jobs. Where another one was in the picture as prominently, nobody can say which it is: every picture is `several_faces`. A face that is never seen beside the
 * author's is taken for theirs, moved. In the order of time; pictures in any order.
 */
export function followFace(frames: FrameFaces[]): FaceFrame[] {
  const ordered = frames.toSorted((a, b) => a.timestamp_seconds - b.timestamp_seconds);
  const people = peopleIn(ordered).toSorted((a, b) => b.prominence - a.prominence);
  const [author] = people;
  const beside = people.slice(1).filter((other) => author && isBeside(other, author));
  const isShared = author !== undefined && beside.some(({ prominence }) => prominence >= EQUAL * author.prominence);
  return ordered.map((frame, index) => {
    const { timestamp_seconds, faces } = frame;
    if (isShared) {
      return { status: 'no_face', timestamp_seconds, faces, reason: 'several_faces' };
    }
    const own = author?.seen.get(index) ?? frame.sightings.find((each) => !beside.some(({ seen }) => seen.get(index) === each));
    return own?.reading ?? { status: 'no_face', timestamp_seconds, faces, reason: frame.none };
  });
}

function peopleIn(frames: FrameFaces[]): Person[] {
  const people: Person[] = [];
  for (const [index, { sightings }] of frames.entries()) {
    for (const [sighting, person] of paired(sightings, people)) {
      const known = person ?? { last: sighting.square, prominence: 0, seen: new Map() };
      if (person === null) {
        people.push(known);
      }
      known.last = sighting.square;
      known.prominence += sighting.prominence;
      known.seen.set(index, sighting);
    }
  }
  return people;
}

/** Each face of a picture with the person who was nearest to its place, nearest pairs first; null: nobody was near. */
function paired(sightings: Sighting[], people: Person[]): Map<Sighting, Person | null> {
  const pairs = sightings
    .flatMap((sighting) => people.map((person) => ({ sighting, person, apart: apartOf(sighting.square, person.last) })))
    .filter(({ apart }) => apart < REACH)
    .sort((a, b) => a.apart - b.apart);
  const found = new Map<Sighting, Person | null>(sightings.map((sighting) => [sighting, null]));
  const taken = new Set<Person>();
  for (const { sighting, person } of pairs) {
    if (found.get(sighting) === null && !taken.has(person)) {
      found.set(sighting, person);
      taken.add(person);
    }
  }
  return found;
}

/** Distance of two squares' middles in sides; Infinity where their sizes differ too much. */
function apartOf(a: Square, b: Square): number {
  const growth = Math.max(a.side / b.side, b.side / a.side);
  return growth > GROWTH ? Infinity : Math.hypot(a.x - b.x, a.y - b.y) / Math.max(a.side, b.side);
}

function isBeside(other: Person, author: Person): boolean {
  return [...other.seen.keys()].some((index) => author.seen.has(index));
}
