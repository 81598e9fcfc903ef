import { rmSync } from 'node:fs';
import { runTiny, tinyBase, tinyInstruct, tinyStages } from './tiny-run.ts';

rmSync('/tmp/tinyrun', { recursive: true, force: true });
const r = await runTiny('/tmp/tinyrun', tinyStages(tinyBase, tinyInstruct));
for (const m of r.manifests)
  console.log(
    m.stage,
    m.seconds,
    JSON.stringify(m.facts),
    m.digest.slice(0, 8),
    Object.keys(m.outputs).join(' '),
  );
