import type { OwnTells as Answer } from '@2t1l/contract/analysis';
import { readUnit } from '@2t1l/contract/tell-words';
import { useState } from 'react';
import { View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { useTellWords } from '../../lib/tell-words.ts';
import { useMe } from '../../lib/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { IntervalPlot } from './interval-plot.tsx';
import { useText } from './texts.ts';
import { useMyTells } from './use-me.ts';

const SHOWN_FIRST = 4;

/** What my own signals do when I lie: for me alone, with intervals, once there are enough games. */
export function OwnTells() {
  const t = useText();
  return (
    <Panel style={{ gap: space.m }}>
      <Title level={2}>{t('tells')}</Title>
      <Text variant="small" color="dim">
        {t('tells_notice')}
      </Text>
      <Content />
    </Panel>
  );
}

function Content() {
  const t = useText();
  const common = useCommonText();
  const isMeasured = useMe().data?.consents.tells;
  const { data, error, refetch, isFetching } = useMyTells();
  if (data === undefined) {
    return error ? (
      <>
        <Text role="alert">{errorText(error)}</Text>
        <Button kind="secondary" title={common('retry')} busy={isFetching} onPress={() => void refetch()} />
      </>
    ) : (
      <View aria-busy aria-label={common('loading')}>
        <Skeleton height={48} />
      </View>
    );
  }
  if (isMeasured === false) {
    return <Text>{t('tells_off')}</Text>;
  }
  return data.challenges < data.needed ? <NotEnough {...data} /> : <Signals {...data} />;
}

function NotEnough({ challenges, needed }: Answer) {
  const t = useText();
  const words = t('tells_few', { count: challenges, needed });
  return (
    <>
      <Text>{words}</Text>
      <ProgressBar value={challenges / needed} label={words} tone="gold" />
    </>
  );
}

function Signals({ signals }: Answer) {
  const t = useText();
  const words = useTellWords();
  const [isOpen, setOpen] = useState(false);
  const known = signals.flatMap((signal) => {
    const name = words.name(signal.name);
    return name === null ? [] : [{ ...signal, title: name }];
  });
  if (known.length === 0) {
    return <Text>{t('tells_none')}</Text>;
  }
  return (
    <>
      <Text variant="tiny" color="dim">
        {t('tells_axes')}
      </Text>
      {(isOpen ? known : known.slice(0, SHOWN_FIRST)).map((signal) => (
        <Signal key={signal.name} {...signal} />
      ))}
      {known.length > SHOWN_FIRST ? (
        <Button kind="ghost" title={isOpen ? t('tells_less') : t('tells_more')} onPress={() => setOpen(!isOpen)} />
      ) : null}
    </>
  );
}

function Signal({ name, title, unit, mean, interval, challenges }: Answer['signals'][number] & { title: string }) {
  const t = useText();
  const words = useTellWords();
  const [low, high] = interval;
  const read = readUnit(name, unit);
  // An interval that holds zero has not told higher from lower.
  const isClear = low > 0 || high < 0;
  const difference = isClear ? words.difference({ name, unit, difference: mean }) : null;
  const interval_words = t('tells_interval', {
    low: words.amount(low, read === '%' ? '%' : ''),
    high: words.amount(high, read),
    count: challenges,
  });
  return (
    <View style={{ gap: space.xs }}>
      <Text variant="strong">{title}</Text>
      <Text variant="small" color={isClear ? 'text' : 'dim'}>
        {difference === null ? t('tells_unclear') : t('tells_clear', { difference })}
      </Text>
      <IntervalPlot mean={mean} interval={interval} isClear={isClear} label={interval_words} />
      <Text variant="tiny" color="dim">
        {interval_words}
      </Text>
    </View>
  );
}
