/** Keys of everything the server owns, one function each. */
export const feedKey = (playerId: string | null, filter: string) => ['feed', playerId, filter] as const;
export const challengeKey = (id: string) => ['challenge', id] as const;
export const revealKey = (id: string) => ['reveal', id] as const;
/** Every analysis there is. */
export const analysesKey = () => ['analysis'] as const;
export const analysisKey = (id: string) => ['analysis', id] as const;
export const tellChoicesKey = (id: string) => ['analysis', id, 'choices'] as const;
export const meKey = () => ['me'] as const;
export const myChallengesKey = () => ['me', 'challenges'] as const;
export const myTellsKey = () => ['me', 'tells'] as const;
export const myStatsKey = () => ['me', 'stats'] as const;
export const myGuessesKey = () => ['me', 'guesses'] as const;
export const playerKey = (username: string) => ['player', username.toLowerCase()] as const;
export const pushKey = () => ['me', 'push'] as const;
export const sessionsKey = () => ['me', 'sessions'] as const;
