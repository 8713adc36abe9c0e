import type { Analysis, Tells } from '@2t1l/contract/analysis';
import { LUCK, missingLines, signalRows } from '@2t1l/contract/tell-report';
import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { formatPercent } from '../../lib/format.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { useTellWords } from '../../lib/tell-words.ts';
import { useMe } from '../../lib/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { ClipSwitches } from './clip-switches.tsx';
import { TellCurves } from './tell-curves.tsx';
import { TellTable } from './tell-table.tsx';
import { useTellsText } from './tells-texts.ts';
import { useAnalysis } from './use-analysis.ts';
import { useReveal } from './use-challenge.ts';

interface Props {
  challengeId: string;
  isAuthor: boolean;
}

/** What face and voice did differently in each statement: the measure first, its record beside it, never a verdict. */
export function TellsPanel({ challengeId, isAuthor }: Props) {
  const t = useTellsText();
  return (
    <Panel style={{ gap: space.m }}>
      <Title level={2}>{t('title')}</Title>
      <Content challengeId={challengeId} isAuthor={isAuthor} />
      {isAuthor && <ClipSwitches challengeId={challengeId} />}
    </Panel>
  );
}

function Content({ challengeId, isAuthor }: Props) {
  const t = useTellsText();
  const common = useCommonText();
  const words = useTellWords();
  const { data, error, refetch, isFetching, isMeasuring } = useAnalysis(challengeId);
  // The panel stands on the reveal, so the answer is at hand.
  const lieIndex = useReveal(challengeId, true).data?.lie_index ?? null;
  if (data === undefined) {
    return error ? (
      <View style={{ gap: space.s }}>
        <Text role="alert">{errorText(error)}</Text>
        <Button kind="secondary" title={common('retry')} busy={isFetching} onPress={() => void refetch()} />
      </View>
    ) : (
      <View aria-busy aria-label={common('loading')}>
        <Skeleton height={70} />
      </View>
    );
  }
  if (data.emotion_analysis.segments.every((segment) => segment.status === 'declined')) {
    return isAuthor ? <DeclinedOwn /> : <Text>{t('declined')}</Text>;
  }
  if (isMeasuring || data.status === 'failed') {
    return <Text aria-live="polite">{isMeasuring ? t('pending') : t('failed')}</Text>;
  }
  const rows = data.tells === null ? [] : signalRows(data.tells).filter(({ name }) => words.name(name) !== null);
  if (data.tells === null || (rows.length === 0 && data.tells.strongest === null)) {
    return (
      <>
        <Text>{t('nothing')}</Text>
        <Missing analysis={data} isAuthor={isAuthor} />
      </>
    );
  }
  return (
    <>
      <Text variant="small" color="dim">
        {t('notice')}
      </Text>
      <Strongest tells={data.tells} />
      <Missing analysis={data} isAuthor={isAuthor} />
      <TellTable rows={rows} lieIndex={lieIndex} />
      <TellCurves tells={data.tells} lieIndex={lieIndex} />
      <Text variant="small" color="dim">
        {isAuthor ? t('notice_own') : t('notice_viewer')}
      </Text>
    </>
  );
}

/** Without the consent nothing can be turned on here, only where it is given. */
function DeclinedOwn() {
  const t = useTellsText();
  const router = useRouter();
  const hasConsent = useMe().data?.consents.tells;
  return (
    <>
      <Text>{t('declined_own')}</Text>
      {hasConsent === false ? <Button kind="secondary" title={t('settings')} onPress={() => router.push('/me')} /> : null}
    </>
  );
}

function Strongest({ tells }: { tells: Tells }) {
  const t = useTellsText();
  const words = useTellWords();
  const { strongest, record } = tells;
  const signal = strongest && tells.segments[strongest.segment_index]?.signals.find(({ name }) => name === strongest.name);
  const difference = signal ? words.difference(signal) : null;
  const counted = recordWords();
  return (
    <View style={{ gap: space.xs }}>
      <Text variant="heading">
        {strongest === null
          ? t('none')
          : difference === null
            ? t('unknown', { number: strongest.segment_index + 1 })
            : t('strongest', { number: strongest.segment_index + 1, difference })}
      </Text>
      {strongest === null ? <Text variant="small">{t('none_why')}</Text> : null}
      {counted === '' ? null : (
        <Text variant="small" color="dim">
          {counted}
        </Text>
      )}
    </View>
  );

  /** Of a signal that is not there, nothing need be said as long as nothing is known. */
  function recordWords(): string {
    const luck = formatPercent(LUCK);
    if (record === null) {
      return strongest === null ? '' : t('no_record', { luck });
    }
    const share = formatPercent(record.pointed / record.challenges);
    const crowd = record.crowd_share === null ? '' : ` ${t('record_crowd', { share: formatPercent(record.crowd_share) })}`;
    return t('record', { share, count: record.challenges, luck }) + crowd;
  }
}

/** Why something is not there, and in which statements. */
function Missing({ analysis, isAuthor }: { analysis: Analysis; isAuthor: boolean }) {
  const t = useTellsText();
  const lines = missingLines(analysis, (key, values) => t(isAuthor && key === 'not_wished' ? 'not_wished_own' : key, values));
  return lines.length === 0 ? null : (
    <View style={{ gap: space.xs }}>
      {lines.map((line) => (
        <Text key={line} variant="small" color="dim">
          {line}
        </Text>
      ))}
    </View>
  );
}
