import { setImmediate } from 'node:timers/promises';
import { type Progress, sha256 } from '@lucie/ledger';
import { type Document, documentBytes, type RejectedDocument } from '../document.ts';
import type { CorpusOptions } from '../options.ts';
import { Boilerplate } from './boilerplate.ts';
import { chance } from './chance.ts';
import { faultOf, settle } from './check-document.ts';
import { addTo, emptyFunnel, type Funnel, type Rule } from './funnel.ts';
import { checkLanguage } from './language.ts';
import { NearDuplicates } from './near-duplicates.ts';
import { normalisedWords } from './words.ts';

/** Documents after which a long loop lets Ctrl-C through. */
const BREATH = 500;

/**
 * The rules in their order. `read` takes documents one by one and asks what needs one document alone; `finish` asks
 * what needs them all. Every refusal is kept with its rule and value.
 */
export class Cleaner {
  readonly rejected: RejectedDocument[] = [];
  readonly funnels = new Map<string, Funnel>();
  #options: CorpusOptions;
  #kept: Document[] = [];
  #ids = new Set<string>();

  constructor(options: CorpusOptions) {
    this.#options = options;
  }

  /** A source begins. The order of these calls is the order of the corpus. */
  begin(source: string): void {
    if (!this.funnels.has(source)) this.funnels.set(source, emptyFunnel());
  }

  /** A part of a source that is no document. */
  complain(source: string, part: { key: string; why: string }): void {
    const document = {
      id: `${source}/${part.key}`,
      text: '',
      source,
      licence: '',
      language: '',
      date: '',
      url: '',
      title: '',
      extra: '{}',
    };
    addTo(this.#funnel(source).read, document);
    this.#reject(document, 'unreadable', part.why);
  }

  read(raw: Document): void {
    const document = settle(raw);
    addTo(this.#funnel(document.source).read, document);
    const fault = this.#faultOf(document);
    if (fault) this.#reject(document, ...fault);
    else this.#kept.push(document);
  }

  /** The first rule that refuses a document by itself, and what it measured. */
  #faultOf(document: Document): [Rule, string] | undefined {
    const fault = this.#ids.has(document.id) ? 'an id for the second time' : faultOf(document);
    if (fault) return ['unreadable', fault];
    this.#ids.add(document.id);
    const { ok, found, share } = checkLanguage(document.text, document.language, this.#options.language);
    if (!ok) return ['language', `${found} ${share.toFixed(2)}`];
    const { length } = document.text;
    return length < this.#options.minimumCharacters ? ['too-short', String(length)] : undefined;
  }

  /** Asks the rules that need all documents. @returns what stays, in the order in which it was read */
  async finish(opts: { progress: Progress; signal: AbortSignal }): Promise<Document[]> {
    const near = new NearDuplicates(this.#options.nearDuplicate, this.#options.seed);
    const distinct = await this.#deduplicate(near, opts);
    return this.#cap(this.#stripBoilerplate(distinct, near));
  }

  async #deduplicate(
    near: NearDuplicates,
    opts: { progress: Progress; signal: AbortSignal },
  ): Promise<Document[]> {
    const exact = new Map<string, string>();
    const removed = new Set<Document>();
    opts.progress.start('duplicates', this.#kept.length, 'documents');
    for (const [index, document] of bySeniority(this.#kept).entries()) {
      if (index % BREATH === 0) {
        await setImmediate();
        opts.signal.throwIfAborted();
        opts.progress.update(index, `${removed.size} found`);
      }
      const words = normalisedWords(document.text);
      const hash = sha256(words);
      const same = exact.get(hash);
      const match = same === undefined ? near.offer(document.id, words) : undefined;
      if (same !== undefined) this.#reject(document, 'exact-duplicate', same);
      else if (match) this.#reject(document, 'near-duplicate', `${match.similarity.toFixed(3)} ${match.id}`);
      if (same !== undefined || match) removed.add(document);
      else exact.set(hash, document.id);
    }
    opts.progress.end(`${removed.size} of ${this.#kept.length} documents repeat another`);
    return this.#kept.filter((document) => !removed.has(document));
  }

  #stripBoilerplate(documents: Document[], near: NearDuplicates): Document[] {
    const lines = new Boilerplate(this.#options.boilerplate);
    for (const document of documents) lines.count(document.text);
    const kept = documents.map((document) => ({ document, text: lines.strip(document.text) }));
    const changed = kept.filter(({ document, text }) => text !== document.text);
    for (const { document } of changed) near.forget(document.id);
    // Two documents may have differed in nothing but repeated lines: what is left of them is compared once more.
    const removed = new Set<Document>();
    for (const { document, text } of changed) {
      const match =
        text.length < this.#options.minimumCharacters
          ? `${text.length} of ${document.text.length} characters left`
          : near.offer(document.id, normalisedWords(text))?.id;
      if (match !== undefined) {
        this.#reject(document, 'boilerplate', match);
        removed.add(document);
      } else {
        const lost = documentBytes(document) - documentBytes({ ...document, text });
        this.#funnel(document.source).repeatedLines += lost;
      }
    }
    return kept
      .filter(({ document }) => !removed.has(document))
      .map(({ document, text }) => (text === document.text ? document : { ...document, text }));
  }

  /** Keeps each source within its bytes, taking documents in the order of their chance: a larger cap holds a smaller one. */
  #cap(documents: Document[]): Document[] {
    const { sources, seed } = this.#options;
    const names = [...this.funnels.keys()];
    const removed = new Set<Document>();
    for (const [index, option] of sources.entries()) {
      if (option.maxBytes === undefined) continue;
      const own = documents
        .filter((document) => document.source === names[index])
        .map((document) => ({ document, at: chance(document.id, seed, 'cap') }))
        .sort((a, b) => a.at - b.at || (a.document.id < b.document.id ? -1 : 1));
      let bytes = 0;
      for (const { document } of own) {
        bytes += documentBytes(document);
        if (bytes <= option.maxBytes) continue;
        removed.add(document);
        this.#reject(document, 'source-cap', String(option.maxBytes));
      }
    }
    return documents.filter((document) => !removed.has(document));
  }

  #funnel(source: string): Funnel {
    this.begin(source);
    return this.funnels.get(source)!;
  }

  #reject(document: Document, reason: Rule, value: string): void {
    const funnel = this.#funnel(document.source);
    addTo((funnel.removed[reason] ??= { documents: 0, bytes: 0 }), document);
    this.rejected.push({ ...document, reason, value });
  }
}

/** Oldest first, undated last, then by id: the order in which duplicates survive. */
function bySeniority(documents: Document[]): Document[] {
  const key = (document: Document) => `${document.date || '9999'} ${document.id}`;
  return documents
    .map((document) => ({ document, key: key(document) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ document }) => document);
}
