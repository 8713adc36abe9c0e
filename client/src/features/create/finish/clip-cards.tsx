import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { type ReactNode, useRef, useState } from 'react';
import { type GestureResponderEvent, type LayoutChangeEvent, View } from 'react-native';
import Animated, { type SharedValue, useAnimatedStyle, useSharedValue } from 'react-native-reanimated';
import { feel } from '../../../lib/haptics';
import { challengeActions } from '../../../lib/sending/challenge-slice.ts';
import type { Draft, DraftText } from '../../../lib/sending/draft.ts';
import { serverNow } from '../../../lib/server-clock.ts';
import { callFailed } from '../../../lib/store/api-middleware.ts';
import { useAppDispatch } from '../../../lib/store/store.ts';
import { undoShown } from '../../../lib/store/ui-slice.ts';
import type { ClipTells } from '../../../lib/use-clip-tells.ts';
import { Icon } from '../../../ui/icon.tsx';
import { space, TARGET } from '../../../ui/theme.ts';
import { themed, useTheme } from '../../../ui/theme-provider.tsx';
import { useText } from '../texts.ts';
import { ClipCard } from './clip-card.tsx';
import { type CardBox, dropPlace } from './drop-place.ts';

interface Props {
  draft: Draft;
  tells: ClipTells;
  onEdit: (text: Partial<DraftText>) => void;
  onStudio: (index: SegmentIndex, again: boolean) => void;
}

/** The three statements. One dragged onto another changes places with it, as the buttons do it with its neighbour. */
export function ClipCards({ draft, tells, onEdit, onStudio }: Props) {
  const styles = useStyles();
  const swap = useSwap(draft, tells);
  const boxes = useRef<(CardBox | undefined)[]>([]);
  const [drag, setDrag] = useState<{ from: SegmentIndex; over: SegmentIndex } | null>(null);
  const by = useSharedValue(0);
  // What another device has recorded cannot be sent to another place from here.
  const canMove = draft.clips.every((clip) => clip?.origin !== 'elsewhere');

  const move = (from: SegmentIndex, pixels: number) => {
    by.value = pixels;
    const over = dropPlace(boxes.current, from, pixels);
    if (drag?.from !== from || drag.over !== over) {
      setDrag({ from, over });
    }
  };
  const drop = (from: SegmentIndex, pixels: number) => {
    const over = dropPlace(boxes.current, from, pixels);
    by.value = 0;
    setDrag(null);
    if (over !== from) {
      feel('pick');
      void swap(from, over);
    }
  };
  return (
    <View style={styles.list}>
      {SEGMENT_INDEXES.map((index) => (
        <Slot
          key={index}
          by={drag?.from === index ? by : null}
          onLayout={({ nativeEvent: { layout } }) => {
            boxes.current[index] = { top: layout.y, height: layout.height };
          }}
        >
          <ClipCard
            draft={draft}
            index={index}
            tells={tells}
            grip={
              canMove ? (
                <Grip onMove={(pixels) => move(index, pixels)} onDrop={(pixels) => drop(index, pixels)} onCancel={() => drop(index, 0)} />
              ) : null
            }
            isTarget={drag !== null && drag.over === index && drag.from !== index}
            canMove={canMove}
            onSwap={(other) => void swap(index, other)}
            onEdit={onEdit}
            onStudio={onStudio}
          />
        </Slot>
      ))}
    </View>
  );
}

/** Two statements change places, with a way back. */
function useSwap(draft: Draft, tells: ClipTells): (a: SegmentIndex, b: SegmentIndex) => Promise<void> {
  const t = useText();
  const dispatch = useAppDispatch();
  return async (a, b) => {
    let areTellsOff: boolean;
    try {
      areTellsOff = await tells.beforeSwap(a, b);
    } catch (error) {
      dispatch(callFailed(error));
      return;
    }
    const swapped = () => challengeActions.statementsSwapped({ id: draft.id, a, b, now_ms: serverNow() });
    dispatch(swapped());
    dispatch(undoShown(areTellsOff ? t('move_both_off') : t('moved', { a: a + 1, b: b + 1 }), swapped()));
  };
}

interface SlotProps {
  /** How far it is dragged; null while it lies in its place. */
  by: SharedValue<number> | null;
  onLayout: (event: LayoutChangeEvent) => void;
  children: ReactNode;
}

function Slot({ by, onLayout, children }: SlotProps) {
  const lifted = useAnimatedStyle(() => ({
    transform: [{ translateY: by?.value ?? 0 }, { scale: by === null ? 1 : 1.02 }],
    zIndex: by === null ? 0 : 1,
    opacity: by === null ? 1 : 0.92,
  }));
  return (
    <Animated.View onLayout={onLayout} style={lifted}>
      {children}
    </Animated.View>
  );
}

interface GripProps {
  onMove: (pixels: number) => void;
  onDrop: (pixels: number) => void;
  onCancel: () => void;
}

/** For the finger and the mouse; everybody else has the buttons. */
function Grip({ onMove, onDrop, onCancel }: GripProps) {
  const styles = useStyles();
  const { colors } = useTheme();
  const start = useRef(0);
  const moved = ({ nativeEvent }: GestureResponderEvent) => nativeEvent.pageY - start.current;
  return (
    <View
      aria-hidden
      style={styles.grip}
      onStartShouldSetResponder={() => true}
      onResponderTerminationRequest={() => false}
      onResponderGrant={({ nativeEvent }) => {
        start.current = nativeEvent.pageY;
      }}
      onResponderMove={(event) => onMove(moved(event))}
      onResponderRelease={(event) => onDrop(moved(event))}
      onResponderTerminate={onCancel}
    >
      <Icon name="grip" size={20} color={colors.dim} />
    </View>
  );
}

const useStyles = themed(() => ({
  list: { gap: space.l },
  grip: {
    width: TARGET,
    height: TARGET,
    marginVertical: -12,
    marginRight: -8,
    alignItems: 'center',
    justifyContent: 'center',
    cursor: 'pointer',
    touchAction: 'none',
    userSelect: 'none',
  },
}));
