import { TIE_NATS } from '../compare-logits.ts';
import type { FileVerification } from '../verification.ts';
import { amount, type Language, small, table } from './text.ts';

/** How the files were compared, and what a tie is. */
export function fileNotes(language: Language): string {
  const tie = amount(TIE_NATS, language, 3);
  return language === 'fr'
    ? `Chaque fichier GGUF a été exécuté dans libllama et comparé au modèle d'origine sur des textes mis de côté ([verification.json](verification.json)). Accord : part des positions où le token le plus probable est le même que celui de l'original. Un token que l'original place à moins de ${tie} nat de son meilleur est ex æquo et compte comme un accord ; l'accord strict le compte comme un désaccord. Entre parenthèses, ce qui est exigé. Les bits par octet de ce tableau sont ceux du modèle instruit, fichier et original. Les empreintes sont dans [SHA256SUMS](SHA256SUMS) : \`sha256sum -c SHA256SUMS\`.`
    : `Each GGUF file was run in libllama and compared with the original model on held-out text ([verification.json](verification.json)). Agreement: share of positions at which the most probable token is the original's. A token that the original holds within ${tie} nats of its best is a tie and counts as agreement; strict agreement counts it as a difference. What is demanded stands in brackets. Bits per byte in this table are those of the instruct model, file and original. Checksums: \`sha256sum -c SHA256SUMS\`.`;
}

export function fileTable(name: string, files: readonly FileVerification[], language: Language): string {
  const head = {
    fr: [
      'Fichier',
      'Accord (ex æquo admis)',
      'Accord strict',
      'KL (nats/token)',
      'Bits/octet',
      'Original',
      'Tokens comparés',
    ],
    en: [
      'File',
      'Agreement (ties aside)',
      'Strict agreement',
      'KL (nats/token)',
      'Bits/byte',
      'Original',
      'Tokens compared',
    ],
  };
  const n = (value: number, digits: number) => amount(value, language, digits);
  return table(
    head[language],
    files.map((file) => [
      `${name}-${file.format}.gguf`,
      `${n(100 * file.top1Agreement, 3)} % (≥ ${n(100 * file.thresholds.top1Agreement, 3)} %)`,
      `${n(100 * file.top1Same, 3)} %`,
      `${small(file.meanKl, language)} (≤ ${small(file.thresholds.meanKl, language)})`,
      n(file.bitsPerByte, 4),
      n(file.originalBitsPerByte, 4),
      n(file.tokens, 0),
    ]),
  );
}
