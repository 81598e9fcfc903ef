import { sourceCode } from '../../kinds/source-code.ts';
import type { DebianText } from './debian-text.ts';

/** Program text. */
export const codeTexts: readonly DebianText[] = [
  {
    package: 'golang-1.19-src',
    source: 'go-source',
    licence: 'BSD-3-Clause',
    attribution: 'The Go Programming Language, The Go Authors',
    homepage: 'https://go.dev/',
    ...sourceCode({
      files: /^usr\/share\/go-1\.19\/src\/.+\.go$/,
      without: /\/(vendor|testdata|syscall|unix)\/|\/z[a-z_]+_\w+\.go$|rewrite\w+\.go$|\/opGen\.go$/,
      language: 'go',
    }),
  },
  {
    package: 'rust-src',
    source: 'rust-source',
    licence: 'Apache-2.0',
    attribution: 'The Rust standard library, the Rust project',
    homepage: 'https://www.rust-lang.org/',
    ...sourceCode({
      files: /^usr\/src\/rustc-[\d.]+\/(library|compiler)\/.+\.rs$/,
      without: /\/(stdarch|portable-simd|vendor|backtrace)\/|unicode_data\.rs$/,
      language: 'rust',
    }),
  },
  {
    package: 'libpython3.11-stdlib',
    source: 'python-source',
    licence: 'PSF-2.0',
    attribution: 'The Python standard library, Python Software Foundation',
    homepage: 'https://www.python.org/',
    ...sourceCode({
      files: /^usr\/lib\/python3\.11\/.+\.py$/,
      without: /\/(pydoc_data|encodings|lib2to3\/tests|idlelib\/idle_test)\/|_sysconfigdata/,
      language: 'python',
    }),
  },
];
