import { Heap } from './heap.ts';

/** What somebody has had. */
export interface Account {
  /** Tokens served, or promised, from where it came in: its virtual time. */
  served: number;
  /** Items in line or at work. */
  busy: number;
  /** Items in line. */
  waiting: number;
  /** When it was last taken from, or came in; among equals the one for whom that is longest ago goes first. */
  turn: number;
}

/** So many are forgotten together, so that each costs the same however many there are. */
const LEAST_SWEEP = 32;

/**
 * Accounts side by side, next being the one that has had least: start-time fair queueing (Goyal, Vin and Cheng, 1996).
 * Virtual time is where somebody starts who comes anew. It never falls back and moves on with every token served, by
 * that token's share for each who is busy: else those who come anew for ever would always go first.
 */
export class Accounts<A extends Account> {
  #all = new Map<string, A>();
  #now = 0;
  #busy = 0;
  #sweepAt = LEAST_SWEEP;

  get size(): number {
    return this.#all.size;
  }

  values(): Iterable<A> {
    return this.#all.values();
  }

  get(name: string): A | undefined {
    return this.#all.get(name);
  }

  /** One more item in line. */
  enter(name: string, turn: number, create: () => A): A {
    const account = this.#all.get(name) ?? create();
    if (account.waiting === 0) {
      account.served = Math.max(account.served, this.#start());
      account.turn = turn;
    }
    this.#all.set(name, account);
    if (account.busy++ === 0) this.#busy++;
    account.waiting++;
    return account;
  }

  /** An item is taken out of the line, its cost paid. */
  take(account: A, cost: number, turn: number): void {
    this.#now = Math.max(this.#now, account.served);
    account.waiting--;
    serve(account, cost, turn);
  }

  /** Somebody was served. */
  advance(tokens: number): void {
    this.#now += tokens / Math.max(1, this.#busy);
  }

  /** An item that is neither in line nor at work any more. */
  leave(account: A): void {
    if (--account.busy === 0) this.#busy--;
    if (this.#busy === 0) this.#all.clear();
    else if (this.#all.size >= this.#sweepAt) {
      // Who is idle and has had no more than somebody who comes anew would start there anyway.
      for (const [name, { busy, served }] of this.#all) {
        if (busy === 0 && served <= this.#now) this.#all.delete(name);
      }
      this.#sweepAt = Math.max(LEAST_SWEEP, 2 * this.#all.size);
    }
  }

  /** Virtual time, but not behind everybody in line. */
  #start(): number {
    let last = -Infinity;
    for (const { waiting, served } of this.#all.values()) if (waiting > 0 && served > last) last = served;
    return last === -Infinity ? this.#now : Math.min(this.#now, last);
  }
}

type Standing = Pick<Account, 'served' | 'turn'>;

export function serve(account: Standing, cost: number, turn: number): void {
  account.served += cost;
  account.turn = turn;
}

export function heapByTurn<S extends Standing>(): Heap<S> {
  return new Heap((a, b) => a.served - b.served || a.turn - b.turn);
}

/** Those with somebody in line, next first. */
export function* inTurn<A extends Account>(accounts: Accounts<A>): Generator<A> {
  const heap = heapByTurn<A>();
  for (const account of accounts.values()) if (account.waiting > 0) heap.push(account);
  for (let next = heap.pop(); next; next = heap.pop()) yield next;
}
