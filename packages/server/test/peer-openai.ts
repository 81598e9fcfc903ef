import { join } from 'node:path';
import { isLucieError, silent } from '@lucie/ledger';
import { ensurePeerPython } from '../../../bench/peer-python.ts';

const requirements = [
  { file: join(import.meta.dirname, '../../../bench/serve/requirements-openai.txt'), options: [] },
];

/** The interpreter with the pinned `openai` client, or why there is none. */
export async function openaiPython(): Promise<{ path: string } | { why: string }> {
  try {
    const peers = { dir: 'bench-venv-openai', label: 'the openai client for Python (30 MB)', requirements };
    return { path: await ensurePeerPython(silent, peers) };
  } catch (error) {
    if (isLucieError(error)) return { why: error.message };
    throw error;
  }
}
