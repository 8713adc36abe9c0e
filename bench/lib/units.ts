/** One MB here, as in the rule book (`CLIP_MAX_BYTES`): 2 to the 20th bytes. */
export const MB = 1024 * 1024;
