import { SEGMENT_INDEXES } from '@2t1l/game/challenge';
import { View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { useConsentText } from '../../lib/tells-consent.ts';
import { useClipTells } from '../../lib/use-clip-tells.ts';
import { ConfirmedSwitch } from '../../ui/confirmed-switch.tsx';
import { space } from '../../ui/theme.ts';

/** The author's say over each statement of what is published; nothing where there is nothing to choose. */
export function ClipSwitches({ challengeId }: { challengeId: string }) {
  const { choices, choose, failure } = useClipTells(challengeId);
  const t = useConsentText();
  const common = useCommonText();
  return choices === null ? null : (
    <View style={{ gap: space.s }}>
      {SEGMENT_INDEXES.map((index) => (
        <ConfirmedSwitch
          key={index}
          label={t('measure_clip', { number: index + 1 })}
          isOn={choices[index] === true}
          onChange={(allowed) => choose(index, allowed)}
          error={failure?.index === index ? failure.text : undefined}
          off={{
            title: t('off_title'),
            body: t('clip_off_body', { number: index + 1 }),
            confirm: t('off_confirm'),
            cancel: common('cancel'),
          }}
        />
      ))}
    </View>
  );
}
