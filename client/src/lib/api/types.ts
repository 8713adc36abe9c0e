import type { Answer, Call, EndpointName, endpoints } from '@2t1l/contract/endpoints';

/** The keys of a call that the endpoint has. */
type Needed<N extends EndpointName> = Extract<keyof (typeof endpoints)[N], 'params' | 'body'>;

export interface CallOptions {
  signal?: AbortSignal;
  /** The same key gives the same answer for a day: a retry spends nothing twice. */
  idempotencyKey?: string;
  /** Longest wait, in milliseconds. */
  timeoutMs?: number;
}

type Input<N extends EndpointName> = Pick<Call<N>, Extract<keyof Call<N>, Needed<N>>> & Partial<Pick<Call<N>, 'query'>>;
type Args<N extends EndpointName> = [Needed<N>] extends [never]
  ? [input?: Input<N>, options?: CallOptions]
  : [input: Input<N>, options?: CallOptions];

/** Every endpoint of the contract as a function; what goes in and comes out is inferred from its schemas. */
export type Api = { [N in EndpointName]: (...args: Args<N>) => Promise<Answer<N>> };
