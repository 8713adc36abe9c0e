import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { useText } from './texts.ts';

/** What is true and how, in the author's words. */
export function StoryPanel({ story }: { story: string | null }) {
  const t = useText();
  return (
    <Panel>
      <Title level={2}>{t('story')}</Title>
      <Text color={story ? 'text' : 'dim'}>{story ?? t('no_story')}</Text>
    </Panel>
  );
}
