/** How the file of a recording that still runs is called: by it a phone finds a take again that a kill has cut off. */
import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';

/** Neither a draft's id nor a random name has a dot. */
export function takeName(draftId: string, index: SegmentIndex): string {
  return `${draftId}.${index}`;
}

/** Where the file belongs that was called `takeName` and a random part; one of another name begins a draft of its own. */
export function placeOfFile(fileName: string): { draft_id: string; index: SegmentIndex; take_id: string } {
  const [draft_id = '', place, take_id = ''] = fileName.split('.');
  const index = SEGMENT_INDEXES.find((one) => String(one) === place);
  return index === undefined ? { draft_id, index: 0, take_id: draft_id } : { draft_id, index, take_id };
}
