/** A clip's state as a screen shows it. */
import type { Notice, Refusal } from '@2t1l/game/challenge';
import { formatClock } from '../format.ts';
import { problemText } from '../i18n/problems.ts';
import { type LocalClip, needsLogin } from './draft.ts';
import type { useSendingText } from './texts.ts';

export interface ClipWords {
  title: string;
  detail: string;
  tone: 'plain' | 'good' | 'bad';
  /** Share of the bytes that are there, while they are on their way. */
  progress: number | null;
  /** Only another recording helps, or may help. */
  again: 'no' | 'may' | 'must';
}

type T = ReturnType<typeof useSendingText>;

export function clipWords(t: T, clip: LocalClip | null, isOnline: boolean): ClipWords {
  const plain = { tone: 'plain', progress: null, again: 'no' } as const;
  if (clip === null) {
    return { ...plain, title: t('empty'), detail: '' };
  }
  const size = megabytes(clip.size_bytes);
  const { sending } = clip;
  switch (sending.status) {
    case 'waiting': {
      const why = !isOnline ? 'waiting_offline' : sending.attempts > 0 ? 'waiting_retry' : 'waiting_turn';
      return { ...plain, title: t('waiting'), detail: t(why), progress: sending.sent_bytes / clip.size_bytes };
    }
    case 'sending': {
      const progress = sending.sent_bytes / clip.size_bytes;
      return { ...plain, title: t('sending', { percent: Math.floor(progress * 100), size }), detail: t('sending_detail'), progress };
    }
    case 'checking':
      return { ...plain, title: t('checking'), detail: t('checking_detail', { size }) };
    case 'ready': {
      const length = t('ready_detail', { clock: formatClock(clip.duration_seconds), size });
      const detail = clip.origin === 'elsewhere' ? `${t('elsewhere')} · ${length}` : length;
      const notices = sending.notices.map((notice) => noticeText(t, notice));
      return {
        ...plain,
        title: t('ready'),
        detail: [detail, ...notices].join(' · '),
        tone: 'good',
        again: notices.length > 0 ? 'may' : 'no',
      };
    }
    case 'refused':
      return {
        ...plain,
        title: t('refused'),
        detail: sending.reasons.map((reason) => refusalText(t, reason)).join(' '),
        tone: 'bad',
        again: 'must',
      };
    case 'contested':
      return { ...plain, title: t('contested'), detail: t('contested_detail'), tone: 'bad' };
    case 'blocked': {
      const { problem } = sending;
      const detail = problem === 'bytes_lost' ? t('problem_bytes_lost') : needsLogin(problem) ? t('problem_login') : problemText(problem);
      return { ...plain, title: t('blocked'), detail, tone: 'bad', again: problem === 'bytes_lost' ? 'must' : 'may' };
    }
  }
}

function refusalText(t: T, refusal: Refusal): string {
  return t(`refusal_${refusal}`);
}

function noticeText(t: T, notice: Notice): string {
  return t(`notice_${notice}`);
}

/** A number of megabytes: one decimal below ten, none above. */
export function megabytes(bytes: number): string {
  const size = bytes / 1_000_000;
  return size < 10 ? size.toFixed(1) : String(Math.round(size));
}
