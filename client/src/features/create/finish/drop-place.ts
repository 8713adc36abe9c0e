import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';

/** Where a card lies among the three, in pixels from their top. */
export interface CardBox {
  top: number;
  height: number;
}

/** The card that the middle of the dragged one lies over, `by` pixels from its place; its own place where that is none. */
export function dropPlace(boxes: readonly (CardBox | undefined)[], from: SegmentIndex, by: number): SegmentIndex {
  const own = boxes[from];
  if (own === undefined) {
    return from;
  }
  const middle = own.top + own.height / 2 + by;
  return (
    SEGMENT_INDEXES.find((index) => {
      const box = boxes[index];
      return box !== undefined && middle >= box.top && middle < box.top + box.height;
    }) ?? from
  );
}
