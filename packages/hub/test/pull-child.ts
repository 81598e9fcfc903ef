// Pulls owner/name:Q8_0 as a process of its own, which tests can kill. Arguments: address of the hub, folder.
import { pullModel } from '../src/index.ts';

const [hubUrl = '', cacheDir = ''] = process.argv.slice(2);
const { gguf } = await pullModel(
  { repo: 'owner/name', quantization: 'Q8_0', revision: 'main' },
  { hubUrl, cacheDir, partBytes: 4096, retryDelayMs: 1, reserveBytes: 0 },
);
process.stdout.write(gguf);
