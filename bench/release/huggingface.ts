/**
 * Other people's programs read our folders: lets PyPI's `transformers` load a Hugging Face folder of ours and compares
 * its logits with those of our own Llama on held-out-like text.
 *
 *     node bench/release/huggingface.ts runs/nano/07-release
 *
 * Sets up the peers' Python (6 GB) the first time. Prints one JSON object; exit code 1 when a logit differs by more
 * than 1e-4.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runProgram, silent, terminalProgress } from '@lucie/ledger';
import { loadPretrained } from '@lucie/model';
import { Tokenizer } from '@lucie/tokenizer';
import { ensureAddon, ensureLibtorch, noGrad, scope, Tensor } from '@lucie/torch';
import { ensurePeerPython } from '../peer-python.ts';

const TEXT =
  'Le contrat de travail est conclu pour une durée indéterminée. L’employeur qui emploie habituellement au moins ' +
  'cinquante salariés élabore, après consultation du comité social et économique, un accord relatif à l’égalité ' +
  'professionnelle entre les femmes et les hommes. « Quelle est la capitale de la France ? » La capitale est Paris ; ' +
  'the capital of France is Paris, and 5 × (3 + 2) = 25.';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node bench/release/huggingface.ts FOLDER');
  process.exit(2);
}
const dir = resolve(folder);
await ensureLibtorch(silent);
await ensureAddon(silent);
const python = await ensurePeerPython(terminalProgress());
const work = await mkdtemp(join(tmpdir(), 'lucie-huggingface-'));
try {
  const tokenizer = await Tokenizer.fromFile(join(dir, 'tokenizer.json'));
  using model = await loadPretrained(dir);
  const ids = tokenizer.encode(TEXT).slice(0, model.config.max_position_embeddings);
  const batch = BigInt64Array.from(ids, BigInt);
  const logits = noGrad(() =>
    scope(() => model.logits(Tensor.from(batch, [1, ids.length])).toFloat32Array()),
  );
  await writeFile(join(work, 'ids.json'), JSON.stringify([Array.from(ids)]));
  await writeFile(join(work, 'logits.f32'), logits);
  const script = join(import.meta.dirname, 'hf-logits.py');
  const { code, output } = await runProgram(python, [
    script,
    dir,
    join(work, 'ids.json'),
    join(work, 'logits.f32'),
  ]);
  console.log(output.trim());
  process.exitCode = code === 0 ? 0 : 1;
} finally {
  await rm(work, { recursive: true, force: true });
}
