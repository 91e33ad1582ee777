/**
 * How many tokens a text is, without the model's tokenizer, which an OpenAI-compatible server does not tell.
 * English takes about four letters for a token, Chinese about one and a half tokens for two characters.
 */

/** Enough for any usual tokenizer: what a hold is made of. */
export function mostTokens(text: string): number {
  const { plain, other } = count(text);
  return Math.ceil(plain / 3 + other * 1.2);
}

/** Rather less than more: what is charged when the provider did not count. */
export function leastTokens(text: string): number {
  const { plain, other } = count(text);
  return Math.floor(plain / 4.5 + other * 0.6);
}

function count(text: string): { plain: number; other: number } {
  let plain = 0;
  let other = 0;
  for (const character of text) {
    if (character.charCodeAt(0) < 0x250) plain += 1;
    else other += 1;
  }
  return { plain, other };
}

/** What an image that is shown to a model comes to at most: providers count by tiles, none more than this. */
export const mostImageTokens = 2_000;
