/** What waits: whose it is, and what it is expected to take. */
export interface Waiting {
  readonly room: string;
  readonly person: string;
  readonly cost: number;
}

interface Account {
  /** Tokens served, or promised: virtual time. */
  served: number;
  /** Items in line or at work. */
  busy: number;
  /** When it was last taken from; who was not for longest goes first among equals. */
  turn: number;
}
interface Person<T> extends Account {
  line: T[];
}
interface Room<T> extends Account {
  people: Map<string, Person<T>>;
}
interface Ticket {
  paid: number;
  used: number;
}

/**
 * A line that is fair by tokens: next is the room that has been served least, in it the person who has been served
 * least, of theirs the oldest. Who is taken pays its expected cost at once, and what it really took at the end. A room
 * or person that comes anew starts where the least served one stands: waiting earns no credit.
 */
export class FairQueue<T extends Waiting> {
  #rooms = new Map<string, Room<T>>();
  #front: T[] = [];
  #tickets = new Map<T, Ticket>();
  #size = 0;
  #turn = 0;
  /** Grows with every change of the order. */
  version = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    const room = enter(this.#rooms, item.room, () => ({ served: 0, busy: 0, turn: 0, people: new Map() }));
    const person = enter(room.people, item.person, () => ({ served: 0, busy: 0, turn: 0, line: [] }));
    person.line.push(item);
    this.#size++;
    this.version++;
  }

  /** Back to the head of the line, what it has paid counting on: for an item that was taken, and not by its own fault given up. */
  pushFront(item: T): void {
    this.#front.unshift(item);
    this.#size++;
    this.version++;
  }

  /** Takes the next one that may be taken; undefined when there is none. */
  take(may: (item: T) => boolean = () => true): T | undefined {
    const front = this.#front.findIndex(may);
    if (front >= 0) {
      this.#size--;
      this.version++;
      return this.#front.splice(front, 1)[0];
    }
    for (const room of byTurn(this.#rooms)) {
      for (const person of byTurn(room.people)) {
        const at = person.line.findIndex(may);
        if (at < 0) continue;
        const [item] = person.line.splice(at, 1);
        this.#tickets.set(item!, { paid: item!.cost, used: 0 });
        serve([room, person], item!.cost, ++this.#turn);
        this.#size--;
        this.version++;
        return item;
      }
    }
    return undefined;
  }

  /** An item that was taken has used tokens: more than it has paid for are charged now. */
  use(item: T, tokens: number): void {
    const ticket = this.#tickets.get(item);
    if (!ticket) return;
    ticket.used += tokens;
    const more = ticket.used - ticket.paid;
    if (more <= 0) return;
    ticket.paid = ticket.used;
    charge(this.#accounts(item), more);
  }

  /** An item that was taken needs nothing any more: gets back what it has not used. */
  done(item: T): void {
    const ticket = this.#tickets.get(item);
    if (!ticket) return;
    this.#tickets.delete(item);
    charge(this.#accounts(item), ticket.used - ticket.paid);
    this.#leave(item);
  }

  /** Drops those in line for whom `gone` holds. */
  prune(gone: (item: T) => boolean): void {
    const dropped = this.#front.filter(gone);
    if (dropped.length > 0) this.#front = this.#front.filter((item) => !gone(item));
    for (const room of this.#rooms.values()) {
      for (const person of room.people.values()) {
        const leaving = person.line.filter(gone);
        if (leaving.length === 0) continue;
        person.line = person.line.filter((item) => !gone(item));
        dropped.push(...leaving);
      }
    }
    if (dropped.length === 0) return;
    this.#size -= dropped.length;
    this.version++;
    for (const item of dropped) {
      if (this.#tickets.has(item)) this.done(item);
      else this.#leave(item);
    }
  }

  /** Everybody in line, in the order in which they would be taken if nothing else came. */
  order(): T[] {
    const rooms = [...this.#rooms.values()].map(({ served, turn, people }) => ({
      served,
      turn,
      people: [...people.values()].map((person) => ({ ...person, next: 0 })),
    }));
    const order = [...this.#front];
    let turn = this.#turn;
    while (order.length < this.#size) {
      const room = least(rooms, ({ people }) => people.some(({ line, next }) => next < line.length))!;
      const person = least(room.people, ({ line, next }) => next < line.length)!;
      const item = person.line[person.next++]!;
      serve([room, person], item.cost, ++turn);
      order.push(item);
    }
    return order;
  }

  #accounts(item: T): Account[] {
    const room = this.#rooms.get(item.room)!;
    return [room, room.people.get(item.person)!];
  }

  #leave(item: T): void {
    for (const account of this.#accounts(item)) account.busy--;
    const room = this.#rooms.get(item.room)!;
    forgetIdle(room.people);
    forgetIdle(this.#rooms);
  }
}

function charge(accounts: { served: number }[], tokens: number): void {
  for (const account of accounts) account.served += tokens;
}

type Standing = Pick<Account, 'served' | 'turn'>;

function serve(accounts: Standing[], cost: number, turn: number): void {
  charge(accounts, cost);
  for (const account of accounts) account.turn = turn;
}

/** Negative when `a` comes before `b`. */
function compare(a: Standing, b: Standing): number {
  return a.served - b.served || a.turn - b.turn;
}

function enter<A extends Account>(accounts: Map<string, A>, name: string, create: () => A): A {
  let account = accounts.get(name);
  if (!account) {
    account = create();
    accounts.set(name, account);
  }
  if (account.busy === 0) account.served = Math.max(account.served, leastServed(accounts));
  account.busy++;
  return account;
}

function leastServed(accounts: Map<string, Account>): number {
  let least = Infinity;
  for (const { served, busy } of accounts.values()) if (busy > 0 && served < least) least = served;
  return least === Infinity ? 0 : least;
}

/** Who is idle and has not had more than the others would start there anyway. */
function forgetIdle(accounts: Map<string, Account>): void {
  const anybody = [...accounts.values()].some(({ busy }) => busy > 0);
  const least = leastServed(accounts);
  for (const [name, { busy, served }] of accounts) {
    if (busy === 0 && (!anybody || served <= least)) accounts.delete(name);
  }
}

function byTurn<A extends Account>(accounts: Map<string, A>): A[] {
  return [...accounts.values()].filter(({ busy }) => busy > 0).sort(compare);
}

function least<A extends Standing>(all: A[], fits: (each: A) => boolean): A | undefined {
  let best: A | undefined;
  for (const each of all) if (fits(each) && (!best || compare(each, best) < 0)) best = each;
  return best;
}
