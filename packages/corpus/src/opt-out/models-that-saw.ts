import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, readManifest } from '@lucie/ledger';
import { matchesIn, type OptOutMatches } from './matches-in.ts';
import type { OptOut } from './options.ts';

/** A version of a corpus, and what an opt-out takes out of it. */
export interface CorpusVersion {
  /** Below the folder of runs: `nano/01-corpus`. */
  folder: string;
  recipe: string;
  finished: string;
  digest: string;
  matches: OptOutMatches;
}

/** A model on disk that was trained on a corpus. */
export interface TracedModel {
  /** Below the folder of runs: `nano/07-release`. */
  folder: string;
  recipe: string;
  stage: string;
  finished: string;
  /** Folders of the corpus versions with matching documents; empty where that cannot be told. */
  corpora: string[];
}

interface Made {
  folder: string;
  manifest: Manifest;
}

/**
 * Follows the manifests of all runs, versions kept aside included: which corpora hold documents that an opt-out names
 * for training, and which models were made from these, over however many stages. A model counts as having seen all of
 * its corpus: whether its steps reached a document is not asked.
 * @returns `unknown`: models of which a stage that they come from, or its manifest, is no longer there
 */
export async function modelsThatSaw(
  runsDir: string,
  optOut: OptOut,
): Promise<{ corpora: CorpusVersion[]; models: TracedModel[]; unknown: TracedModel[] }> {
  const all = await madeIn(runsDir);
  const corpora: CorpusVersion[] = [];
  for (const { folder, manifest } of all) {
    if (manifest.stage !== 'corpus') continue;
    const { recipe, finished, digest } = manifest;
    const matches = await matchesIn(join(runsDir, folder), optOut);
    corpora.push({ folder, recipe, finished, digest, matches });
  }
  const models: TracedModel[] = [];
  const unknown: TracedModel[] = [];
  for (const { folder, manifest } of all) {
    if (!isModel(manifest)) continue;
    const { digests, whole } = corpusDigests(manifest, all);
    const own = corpora.filter(({ digest }) => digests.has(digest));
    const seen = own.filter(({ matches }) => matches.training.documents > 0).map(({ folder }) => folder);
    const { recipe, stage, finished } = manifest;
    const model = { folder, recipe, stage, finished, corpora: seen };
    const found = new Set(own.map(({ digest }) => digest));
    if (seen.length > 0) models.push(model);
    else if (!whole || found.size < digests.size || digests.size === 0) unknown.push(model);
  }
  return { corpora, models, unknown };
}

/** Every finished stage below the folder of runs, by name. */
async function madeIn(runsDir: string): Promise<Made[]> {
  const all: Made[] = [];
  if (!existsSync(runsDir)) return all;
  for (const recipe of (await readdir(runsDir)).sort()) {
    const stages = await readdir(join(runsDir, recipe)).catch(() => []);
    for (const stage of stages.sort()) {
      const folder = `${recipe}/${stage}`;
      if (!/^\d\d-/.test(stage) || stage.includes('.partial')) continue;
      if (!existsSync(join(runsDir, folder, 'manifest.json'))) continue;
      all.push({ folder, manifest: await readManifest(join(runsDir, folder)) });
    }
  }
  return all;
}

function isModel({ outputs }: Manifest): boolean {
  return Object.keys(outputs).some((name) => name === 'model.safetensors' || name.endsWith('.gguf'));
}

/** Digests of the corpora at the ends of a manifest's chain of inputs; `whole` when no link of it is missing. */
function corpusDigests(manifest: Manifest, all: readonly Made[]): { digests: Set<string>; whole: boolean } {
  const digests = new Set<string>();
  const seen = new Set<string>();
  let whole = true;
  const follow = ({ inputs }: Manifest): void => {
    for (const [stage, digest] of Object.entries(inputs)) {
      if (stage === 'corpus') digests.add(digest);
      else if (!seen.has(digest)) {
        seen.add(digest);
        const sources = all.filter((made) => made.manifest.digest === digest);
        if (sources.length === 0) whole = false;
        for (const source of sources) follow(source.manifest);
      }
    }
  };
  follow(manifest);
  return { digests, whole };
}
