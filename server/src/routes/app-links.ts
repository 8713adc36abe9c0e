/**
 * Says to Android and iOS which app may open this server's links to challenges: `/.well-known/assetlinks.json` (Digital Asset Links) and
 * `/.well-known/apple-app-site-association` (Apple, "Supporting associated domains"). Each is 404 until its setting is given.
 */
import { Problem } from '@2t1l/contract/problems';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { checkHost } from './gate.ts';
import type { App } from './route.ts';

/** The app's name in both stores; client/app.config.ts builds it under the same. */
const APP_ID = 'app.twotruths.game';
const CHALLENGES = '/c/*';
const HOUR_SECONDS = 60 * 60;

/** Both files; whoever holds a listed key, or the team, can publish an app that opens these links. */
export function appLinkRoutes(app: App, config: Pick<Config, 'android_cert_fingerprints' | 'apple_team_id'>): void {
  const onRequest = async (request: FastifyRequest) => checkHost(app.edge, request);
  const answer = (path: string, body: object | null) => {
    app.get(path, { onRequest }, async (_request, reply) => {
      if (body === null) {
        throw new Problem('not_found');
      }
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', `public, max-age=${HOUR_SECONDS}`)
        .send(JSON.stringify(body));
    });
  };
  answer('/.well-known/assetlinks.json', androidLinks(config.android_cert_fingerprints));
  answer('/.well-known/apple-app-site-association', appleLinks(config.apple_team_id));
}

function androidLinks(fingerprints: readonly string[]): object | null {
  if (fingerprints.length === 0) {
    return null;
  }
  const target = { namespace: 'android_app', package_name: APP_ID, sha256_cert_fingerprints: fingerprints };
  return [{ relation: ['delegate_permission/common.handle_all_urls'], target }];
}

function appleLinks(team: string | null): object | null {
  return team === null ? null : { applinks: { details: [{ appIDs: [`${team}.${APP_ID}`], components: [{ '/': CHALLENGES }] }] } };
}
