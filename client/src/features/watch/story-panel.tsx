import { Panel } from '../../ui/panel.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { useText } from './texts.ts';

/** What is true and how, in the author's words. */
export function StoryPanel({ story, isAuthor }: { story: string | null; isAuthor: boolean }) {
  const t = useText();
  return (
    <Panel>
      <Title level={2}>{t('story')}</Title>
      <Text color={story ? 'text' : 'dim'}>{story ?? t(isAuthor ? 'no_story_own' : 'no_story')}</Text>
    </Panel>
  );
}
