import { type Account, Accounts, heapByTurn, inTurn, serve } from './accounts.ts';
import type { Heap } from './heap.ts';

/** What waits: whose it is, and what it is expected to take. */
export interface Waiting {
  readonly room: string;
  readonly person: string;
  readonly cost: number;
}

interface Person<T> extends Account {
  line: T[];
}
/** In a rehearsal of who will be taken. */
type Copy<T> = Person<T> & { next: number };
interface Room<T> extends Account {
  people: Accounts<Person<T>>;
}
interface Ticket {
  paid: number;
  used: number;
}

/**
 * A line that is fair by tokens: next is the room that has been served least, in it the person who has been served
 * least, of theirs the oldest. Who is taken pays its expected cost at once, and what it really took at the end. A room
 * or person that comes anew starts where the others stand: waiting elsewhere earns no credit.
 */
export class FairQueue<T extends Waiting> {
  #rooms = new Accounts<Room<T>>();
  #front: T[] = [];
  #tickets = new Map<T, Ticket>();
  #size = 0;
  #turn = 0;
  #ordered: { version: number; items: readonly T[]; places: Map<T, number> } | undefined;
  /** Grows with every change of the order. */
  version = 0;

  get size(): number {
    return this.#size;
  }

  /** Rooms that are remembered, whether or not somebody of them is here. */
  get rooms(): number {
    return this.#rooms.size;
  }

  push(item: T): void {
    this.#turn++;
    const room = this.#rooms.enter(item.room, this.#turn, () => ({
      ...newAccount(),
      people: new Accounts(),
    }));
    const person = room.people.enter(item.person, this.#turn, () => ({ ...newAccount(), line: [] }));
    person.line.push(item);
    this.#changed(1);
  }

  /** Back to the head of the line, what it has paid counting on: for an item that was taken, and not by its own fault given up. */
  pushFront(item: T): void {
    this.#front.unshift(item);
    this.#changed(1);
  }

  /** Takes the next one that may be taken; undefined when there is none. */
  take(may: (item: T) => boolean = () => true): T | undefined {
    const front = this.#front.findIndex(may);
    if (front >= 0) {
      this.#changed(-1);
      return this.#front.splice(front, 1)[0];
    }
    for (const room of inTurn(this.#rooms)) {
      for (const person of inTurn(room.people)) {
        const at = person.line.findIndex(may);
        if (at < 0) continue;
        const item = person.line.splice(at, 1)[0]!;
        this.#tickets.set(item, { paid: item.cost, used: 0 });
        this.#turn++;
        this.#rooms.take(room, item.cost, this.#turn);
        room.people.take(person, item.cost, this.#turn);
        this.#changed(-1);
        return item;
      }
    }
    return undefined;
  }

  /** An item that was taken has used tokens: more than it has paid for are charged now. */
  use(item: T, tokens: number): void {
    const ticket = this.#tickets.get(item);
    if (!ticket) return;
    const { room, person } = this.#accounts(item);
    this.#rooms.advance(tokens);
    room.people.advance(tokens);
    ticket.used += tokens;
    const more = ticket.used - ticket.paid;
    if (more <= 0) return;
    ticket.paid = ticket.used;
    charge([room, person], more);
    this.version++;
  }

  /** An item that was taken needs nothing any more: gets back what it has not used. */
  done(item: T): void {
    const ticket = this.#tickets.get(item);
    if (!ticket) return;
    this.#tickets.delete(item);
    const { room, person } = this.#accounts(item);
    charge([room, person], ticket.used - ticket.paid);
    this.#leave(item);
    this.version++;
  }

  /**
   * Drops those in line for whom `gone` holds.
   * @returns how many
   */
  prune(gone: (item: T) => boolean): number {
    const dropped = this.#front.filter(gone);
    if (dropped.length > 0) this.#front = this.#front.filter((item) => !gone(item));
    for (const room of this.#rooms.values()) {
      if (room.waiting === 0) continue;
      for (const person of room.people.values()) {
        if (!person.line.some(gone)) continue;
        const leaving = person.line.filter(gone);
        person.line = person.line.filter((item) => !gone(item));
        person.waiting -= leaving.length;
        room.waiting -= leaving.length;
        dropped.push(...leaving);
      }
    }
    if (dropped.length === 0) return 0;
    this.#changed(-dropped.length);
    for (const item of dropped) {
      if (this.#tickets.has(item)) this.done(item);
      else this.#leave(item);
    }
    return dropped.length;
  }

  /** Everybody in line, in the order in which they would be taken if nothing else came. */
  order(): readonly T[] {
    return this.#order().items;
  }

  /** From 1, who comes next; 0 for who is not in line. */
  placeOf(item: T): number {
    return this.#order().places.get(item) ?? 0;
  }

  #order(): { items: readonly T[]; places: Map<T, number> } {
    if (this.#ordered?.version === this.version) return this.#ordered;
    const items = this.#sorted();
    const places = new Map(items.map((item, i) => [item, i + 1]));
    this.#ordered = { version: this.version, items, places };
    return this.#ordered;
  }

  #sorted(): T[] {
    const rooms = heapByTurn<{ served: number; turn: number; left: number; people: Heap<Copy<T>> }>();
    for (const { served, turn, waiting, people } of inTurn(this.#rooms)) {
      const copies = heapByTurn<Copy<T>>();
      for (const person of inTurn(people)) copies.push({ ...person, next: 0 });
      rooms.push({ served, turn, left: waiting, people: copies });
    }
    const order = [...this.#front];
    let turn = this.#turn;
    for (let room = rooms.pop(); room; room = rooms.pop()) {
      const person = room.people.pop()!;
      const item = person.line[person.next++]!;
      turn++;
      serve(room, item.cost, turn);
      serve(person, item.cost, turn);
      order.push(item);
      if (person.next < person.line.length) room.people.push(person);
      if (--room.left > 0) rooms.push(room);
    }
    return order;
  }

  #changed(by: number): void {
    this.#size += by;
    this.version++;
  }

  #accounts(item: T): { room: Room<T>; person: Person<T> } {
    const room = this.#rooms.get(item.room)!;
    return { room, person: room.people.get(item.person)! };
  }

  #leave(item: T): void {
    const { room, person } = this.#accounts(item);
    room.people.leave(person);
    this.#rooms.leave(room);
  }
}

function newAccount(): Account {
  return { served: 0, busy: 0, waiting: 0, turn: 0 };
}

function charge(accounts: Account[], tokens: number): void {
  for (const account of accounts) account.served += tokens;
}
