import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { cachedPackage, tarballPath } from '../../fetch/fetch-packages.ts';
import { readTarball } from '../../fetch/tarball.ts';
import { draftToDocument } from '../adapter.ts';
import type { Source } from '../source.ts';
import { adapterOf } from './registry.ts';

/** An npm package of text, pinned, as a recipe names it; the lead adds what every source may say. */
export const packageSourceShape = z.strictObject({
  package: z.string().regex(/^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+[\w.+-]*$/),
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
});

/**
 * An npm package as a source of one part, its tarball.
 * @throws LucieError `SOURCE_UNKNOWN`; while reading `DATA_NOT_FETCHED`, `PACKAGE_INTEGRITY`, `SOURCE_DAMAGED`
 */
export function packageSource(option: z.infer<typeof packageSourceShape>, cacheDir: string): Source {
  const adapter = adapterOf(option.package);
  const { package: name, version, integrity } = option;
  return {
    source: adapter.source,
    origin: { package: name, version, integrity },
    attribution: adapter.attribution,
    homepage: adapter.homepage,
    async inputs() {
      const size = await stat(tarballPath(option, cacheDir)).then(
        (file) => file.size,
        () => 0,
      );
      return [{ name: `${adapter.source}-${version}.tgz`, bytes: size, integrity }];
    },
    async *read(_input, opts) {
      const path = await cachedPackage({ package: name, version, integrity }, cacheDir);
      const entries = readTarball(path, {
        wants: adapter.wants,
        onBytes: opts.onBytes,
        signal: opts.signal,
      });
      for await (const draft of adapter.read(entries, (key, why) => opts.complain({ key, why }))) {
        opts.signal.throwIfAborted();
        yield draftToDocument(draft, adapter);
      }
    },
  };
}
