/** A phone with drafts of an earlier build of the app: they load as they are, letter by letter what that build wrote. */
import { expect, jest, test } from '@jest/globals';
import AsyncStorage from '@react-native-async-storage/async-storage';
import { challengeActions, challengeReducer } from './challenge-slice.ts';
import { takesOf } from './draft.ts';
import { draftStore } from './draft-store.native.ts';
import { openDraft } from './select-draft.ts';
import { stateWith } from './test/outcome.ts';

jest.mock('@react-native-async-storage/async-storage', () =>
  jest.requireActual('@react-native-async-storage/async-storage/jest/async-storage-mock'),
);

const KEPT =
  '{"id":"V1StGXR8","generation":1,"challenge_id":"01a20620-1c76-77c6-92a8-bd48a7c4cd76","owner":{"id":"p","is_guest":false,"server":"http://localhost:8000"},' +
  '"server_status":"draft","title":"Clown","prompt":null,"statements":["I was a clown","",""],"story":"","lie_index":1,"audience":"public","transition":"none",' +
  '"clips":[{"take_id":"a","media_type":"video/mp4","duration_seconds":12,"width":720,"height":1280,"size_bytes":1000,"sending":{"status":"ready","notices":[]},' +
  '"origin":"here","clip_id":"A","replaces_clip_id":null},{"take_id":"b","media_type":"video/mp4","duration_seconds":9,"width":720,"height":1280,"size_bytes":900,' +
  '"sending":{"status":"sending","upload_url":"/u/1","sent_bytes":400,"attempts":2},"origin":"here","clip_id":null,"replaces_clip_id":null},null],' +
  '"review":{"index":2,"take":{"take_id":"c","media_type":"video/mp4","duration_seconds":5,"width":720,"height":1280,"size_bytes":500},"ended_by":"closed"},' +
  '"old_takes":["d"],"publishing":{"status":"editing"},"merge_percent":null,"server_text":null,"server_updated_at":"2026-11-01T12:00:00.000Z",' +
  '"edited_at_ms":5,"attempts":3,"retry_at_ms":99,"created_at_ms":1,"updated_at_ms":5,"deleted_at_ms":null,"is_cleaned":false}';

test('they load with every recording, and go on where they were', async () => {
  await AsyncStorage.setItem('2t1l.draft.2.V1StGXR8', KEPT);
  const drafts = Object.fromEntries((await draftStore.list()).map((draft) => [draft.id, draft]));
  const state = challengeReducer({ ...stateWith(JSON.parse(KEPT)), drafts: {}, is_loaded: false }, challengeActions.restarted({ drafts }));
  const draft = openDraft(state);
  expect(draft === null ? [] : takesOf(draft)).toEqual(['a', 'b', 'c', 'd']);
  expect(draft?.clips[1]?.sending).toEqual({ status: 'waiting', upload_url: '/u/1', sent_bytes: 400, attempts: 2, retry_at_ms: 0 });
  expect(draft).toMatchObject({ title: 'Clown', lie_index: 1, review: { index: 2 }, retry_at_ms: 0 });
  expect(JSON.parse(JSON.stringify(draft))).toEqual({ ...JSON.parse(KEPT), retry_at_ms: 0, clips: draft?.clips });
});
