import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { builtInServer, chosenServer, serverName } from '../../lib/base-url.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { takesOf } from '../../lib/sending/draft.ts';
import { checkServer, chooseServer, type ServerFault } from '../../lib/server-choice.ts';
import { useAppDispatch, useAppSelector } from '../../lib/store/store.ts';
import { infoShown } from '../../lib/store/ui-slice.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';
import { useDeviceText } from './device-texts.ts';

/** Which server this app plays on: the build's own, or one's own. An address counts once it has answered. */
export function ServerPanel() {
  const t = useDeviceText();
  const common = useCommonText();
  const dispatch = useAppDispatch();
  const [isOpen, setOpen] = useState(false);
  const [address, setAddress] = useState('');
  const [fault, setFault] = useState<ServerFault | null>(null);
  const change = useMutation({
    mutationFn: async (text: string | null): Promise<ServerFault | null> => {
      const answer = text === null ? { origin: null } : await checkServer(text);
      if ('fault' in answer) {
        return answer.fault;
      }
      await chooseServer(answer.origin === builtInServer() ? null : answer.origin);
      return null;
    },
    onSuccess: (found) => {
      setFault(found);
      if (found === null) {
        setOpen(false);
        setAddress('');
        dispatch(infoShown(t('server_changed', { server: serverName() })));
      }
    },
  });
  return (
    <Panel style={{ gap: space.m }}>
      <Title level={2}>{t('server')}</Title>
      <Text color="dim">{t('server_own', { server: serverName() })}</Text>
      {isOpen ? (
        <>
          <Field
            label={t('server_field')}
            value={address}
            onChangeText={(text) => {
              setAddress(text);
              setFault(null);
            }}
            onSubmitEditing={() => change.mutate(address)}
            placeholder="play.example.com"
            inputMode="url"
            autoCapitalize="none"
            autoCorrect={false}
            autoComplete="off"
            maxLength={200}
            help={t('server_help')}
            error={fault === null ? undefined : t(`fault_${fault}`)}
          />
          <DraftsNote />
          <Button
            title={t('server_check')}
            onPress={() => change.mutate(address)}
            busy={change.isPending}
            disabled={address.trim() === ''}
          />
          <Button kind="ghost" title={common('cancel')} onPress={() => setOpen(false)} />
        </>
      ) : (
        <Button kind="secondary" title={t('server_change')} onPress={() => setOpen(true)} />
      )}
      {chosenServer() === null ? null : (
        <>
          {isOpen ? null : <DraftsNote />}
          <Button
            kind="ghost"
            title={t('server_back', { server: serverName(builtInServer()) })}
            onPress={() => change.mutate(null)}
            busy={change.isPending}
          />
        </>
      )}
    </Panel>
  );
}

/** What is recorded and not out follows its author to the other server; that is said before. */
function DraftsNote() {
  const t = useDeviceText();
  const count = useAppSelector(({ challenge }) =>
    Object.values(challenge.drafts).reduce((sum, draft) => sum + (draft.publishing.status === 'done' ? 0 : takesOf(draft).length), 0),
  );
  return count === 0 ? null : <Text variant="small">{t('server_drafts', { count })}</Text>;
}
