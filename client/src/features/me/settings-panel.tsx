import { Platform, View } from 'react-native';
import { useAppDispatch, useAppSelector } from '../../lib/store/store.ts';
import { captionsSwitched, hapticsSwitched, languageChosen, themeChosen } from '../../lib/store/ui-slice.ts';
import { useConsentText, useTellsConsent } from '../../lib/tells-consent.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Choice } from '../../ui/choice.tsx';
import { ConfirmedSwitch } from '../../ui/confirmed-switch.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useText } from './texts.ts';

/** How the app looks and speaks on this device, and what may be measured of its player. */
export function SettingsPanel() {
  const t = useText();
  const dispatch = useAppDispatch();
  const { theme, language, captions, haptics } = useAppSelector((state) => state.ui);
  return (
    <Panel style={{ gap: space.l }}>
      <Title level={2}>{t('settings')}</Title>
      <Choice
        label={t('theme')}
        value={theme}
        options={[
          { value: 'system', title: t('theme_system') },
          { value: 'dark', title: t('theme_dark') },
          { value: 'light', title: t('theme_light') },
        ]}
        onChange={(value) => dispatch(themeChosen(value))}
      />
      <Choice
        label={t('language')}
        value={language}
        options={[
          { value: 'system', title: t('language_system') },
          { value: 'en', title: 'English' },
          { value: 'de', title: 'Deutsch' },
        ]}
        onChange={(value) => dispatch(languageChosen(value))}
      />
      <Checkbox role="switch" label={t('captions')} checked={captions} onChange={(value) => dispatch(captionsSwitched(value))} />
      {Platform.OS === 'web' ? null : (
        <Checkbox role="switch" label={t('haptics')} checked={haptics} onChange={(value) => dispatch(hapticsSwitched(value))} />
      )}
      <TellsConsent />
    </Panel>
  );
}

/** The account's own, not this device's: not there without one. */
function TellsConsent() {
  const t = useConsentText();
  const consent = useTellsConsent();
  if (consent === null) {
    return null;
  }
  return (
    <View style={{ gap: space.xs }}>
      <ConfirmedSwitch {...consent} />
      <Text variant="small" color="dim">
        {t('notice')}
      </Text>
    </View>
  );
}
