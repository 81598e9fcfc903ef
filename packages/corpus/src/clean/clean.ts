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
    let documents = await this.#deduplicate(this.#kept, opts);
    const stripped = this.#stripBoilerplate(documents);
    // Two documents may differ in nothing but repeated lines.
    documents = stripped.changed ? await this.#deduplicate(stripped.documents, opts) : stripped.documents;
    return this.#cap(documents);
  }

  async #deduplicate(
    documents: Document[],
    opts: { progress: Progress; signal: AbortSignal },
  ): Promise<Document[]> {
    const near = new NearDuplicates(this.#options.nearDuplicate, this.#options.seed);
    const exact = new Map<string, string>();
    const removed = new Set<Document>();
    opts.progress.start('duplicates', documents.length, 'documents');
    for (const [index, document] of bySeniority(documents).entries()) {
      if (index % BREATH === 0) {
        await setImmediate();
        opts.signal.throwIfAborted();
        opts.progress.update(index, `${removed.size} found`);
      }
      const hash = sha256(normalisedWords(document.text));
      const same = exact.get(hash);
      if (same !== undefined) {
        this.#reject(document, 'exact-duplicate', same);
        removed.add(document);
        continue;
      }
      exact.set(hash, document.id);
      const match = near.offer(document.id, document.text);
      if (!match) continue;
      this.#reject(document, 'near-duplicate', `${match.similarity.toFixed(3)} ${match.id}`);
      removed.add(document);
    }
    opts.progress.end(`${removed.size} duplicates of ${documents.length} documents`);
    return documents.filter((document) => !removed.has(document));
  }

  #stripBoilerplate(documents: Document[]): { documents: Document[]; changed: boolean } {
    const lines = new Boilerplate(this.#options.boilerplate);
    for (const document of documents) lines.count(document.text);
    const kept: Document[] = [];
    let changed = false;
    for (const document of documents) {
      const text = lines.strip(document.text);
      if (text === document.text) {
        kept.push(document);
        continue;
      }
      changed = true;
      const shorter = { ...document, text };
      if (text.length < this.#options.minimumCharacters)
        this.#reject(document, 'boilerplate', `${text.length} of ${document.text.length} characters left`);
      else {
        this.#funnel(document.source).repeatedLines += documentBytes(document) - documentBytes(shorter);
        kept.push(shorter);
      }
    }
    return { documents: kept, changed };
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
