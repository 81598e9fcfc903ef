import { robotsRefusal } from './robots.ts';

/**
 * Why a site's ai.txt (Spawning, 2023) keeps a page from training, or undefined. It is written like a robots.txt whose
 * rules are mostly endings (`Disallow: *.html`); the page of a folder has no ending and counts as `.html`.
 */
export function aiTxtRefusal(aiTxt: string, url: string, agents: readonly string[]): string | undefined {
  const refusal = robotsRefusal(aiTxt, withEnding(url), agents);
  return refusal?.replace(/^robots\.txt/, 'ai.txt');
}

function withEnding(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.pathname.endsWith('/')) parsed.pathname += 'index.html';
  return parsed.href;
}
