import type { Adapter } from '../adapter.ts';
import { sourceCode } from '../kinds/source-code.ts';

/** Packages whose code a person wrote and can read: sources, not bundles. */
export const codePackages: readonly Adapter[] = [
  {
    package: 'lodash',
    source: 'lodash',
    licence: 'MIT',
    attribution: 'Lodash, OpenJS Foundation and other contributors',
    homepage: 'https://lodash.com/',
    // The files of `fp/` and the bundles repeat the modules.
    ...sourceCode({ files: /^[^/]+\.js$/, without: /^(lodash|core)(\.min)?\.js$/, language: 'javascript' }),
  },
  {
    package: 'three',
    source: 'three',
    licence: 'MIT',
    attribution: 'three.js, three.js authors',
    homepage: 'https://threejs.org/',
    ...sourceCode({
      files: /^(src|examples\/jsm)\/.+\.js$/,
      without: /\/libs\/|\.(min|module)\.js$/,
      language: 'javascript',
    }),
  },
  {
    package: 'rxjs',
    source: 'rxjs',
    licence: 'Apache-2.0',
    attribution: 'RxJS, Google, Netflix, Microsoft and contributors',
    homepage: 'https://rxjs.dev/',
    ...sourceCode({ files: /^src\/.+\.ts$/, language: 'typescript' }),
  },
  {
    package: '@types/node',
    source: 'types-node',
    licence: 'MIT',
    attribution: 'Type definitions for Node.js, DefinitelyTyped contributors',
    homepage: 'https://github.com/DefinitelyTyped/DefinitelyTyped',
    ...sourceCode({ files: /\.d\.ts$/, language: 'typescript' }),
  },
];
