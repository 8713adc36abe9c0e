import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { formatDate } from '../../lib/format.ts';
import type { Draft } from '../../lib/sending/draft.ts';
import { draftFromElsewhere, draftsOnTheirWay } from '../../lib/sending/select-draft.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { Button } from '../../ui/button.tsx';
import { NumberMark } from '../../ui/number-tile.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useText } from './texts.ts';

/** Back from the camera: what was recorded is still there. */
export function DraftAtHand({ draft, count }: { draft: Draft; count: number }) {
  const t = useText();
  return (
    <Panel style={{ gap: space.m }}>
      <Text variant="strong">{t('elsewhere_count', { count })}</Text>
      <View aria-hidden>
        <Marks draft={draft} />
      </View>
    </Panel>
  );
}

/** Which of the three are recorded. */
function Marks({ draft }: { draft: Draft }) {
  return (
    <View style={{ flexDirection: 'row', gap: space.s }}>
      {([1, 2, 3] as const).map((number) => (
        <NumberMark key={number} number={number} kind={draft.clips[number - 1] === null ? 'open' : 'truth'} size={40} />
      ))}
    </View>
  );
}

/** What there is besides the draft at hand: one on its way to the audience, one that was begun on another device. */
export function OtherDrafts() {
  const onItsWay = useAppSelector(({ challenge }) => draftsOnTheirWay(challenge)[0]?.id);
  const elsewhere = useAppSelector(({ challenge }) => draftFromElsewhere(challenge));
  return (
    <>
      {onItsWay === undefined ? null : <OnItsWay id={onItsWay} />}
      {elsewhere === null ? null : <FromElsewhere draft={elsewhere} />}
    </>
  );
}

function OnItsWay({ id }: { id: string }) {
  const t = useText();
  const router = useRouter();
  return (
    <Panel style={{ gap: space.m }}>
      <Text>{t('on_its_way')}</Text>
      <Button kind="secondary" title={t('show_way')} onPress={() => router.push(`/sending/${id}`)} />
    </Panel>
  );
}

/** Offered, not opened: whoever wants a new one just goes to the camera. */
function FromElsewhere({ draft }: { draft: Draft }) {
  const t = useText();
  const router = useRouter();
  const name = draft.title || draft.prompt || draft.statements.find((line) => line !== '');
  const count = draft.clips.filter((clip) => clip !== null).length;
  return (
    <Panel style={{ gap: space.m }}>
      <Title level={2}>{t('elsewhere_title')}</Title>
      <View style={{ gap: space.xs }}>
        {name === undefined ? null : <Text variant="strong">{t('elsewhere_name', { name })}</Text>}
        {draft.server_updated_at === null ? null : (
          <Text variant="small" color="dim">
            {t('elsewhere_when', { when: formatDate(draft.server_updated_at) })}
          </Text>
        )}
      </View>
      <View role="img" aria-label={t('elsewhere_count', { count })}>
        <Marks draft={draft} />
      </View>
      <Button kind="secondary" title={t('elsewhere_go')} onPress={() => router.replace(`/create?draft=${draft.id}`)} />
      <Text variant="small" color="dim">
        {t('elsewhere_anew')}
      </Text>
    </Panel>
  );
}
