import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '@lucie/ledger';
import { schemaOf } from '../dispatch.ts';
import { generateOperators, parseList } from './operators.ts';

/** `node src/generate/write.ts` after a change of operators.txt. */
const root = join(import.meta.dirname, '../..');
const list = parseList(readFileSync(join(root, 'operators.txt'), 'utf8'));
await writeFileAtomic(join(root, 'src/generated/operators.ts'), generateOperators(list, schemaOf));
