import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { FairQueue } from '../src/scheduler/fair-queue.ts';

interface Item {
  room: string;
  person: string;
  cost: number;
  id: number;
}
let ids = 0;
const item = (room: string, person = '', cost = 10): Item => ({ room, person, cost, id: ids++ });
const rooms = (items: readonly Item[]) => items.map(({ room, person }) => room + person).join(' ');

function drain(queue: FairQueue<Item>): Item[] {
  const taken: Item[] = [];
  for (let next = queue.take(); next; next = queue.take()) taken.push(next);
  return taken;
}

describe('a fair line', () => {
  test("rooms in turn, people of a room in turn, a person's own in order", () => {
    const queue = new FairQueue<Item>();
    const mine = [1, 2, 3].map(() => item('A', 'x'));
    for (const each of [...mine, item('A', 'y'), item('B', 'z')]) queue.push(each);
    const order = queue.order();
    expect(rooms(order)).toBe('Ax Bz Ay Ax Ax');
    expect(order.filter(({ person }) => person === 'x')).toEqual(mine);
    expect(drain(queue)).toEqual(order);
    expect(queue.size).toBe(0);
  });

  test("one person's thirty requests do not hold back another's one", () => {
    const queue = new FairQueue<Item>();
    for (let i = 0; i < 30; i++) queue.push(item('A', 'x'));
    queue.take();
    queue.push(item('A', 'y'));
    expect(queue.take()!.person).toBe('y');
  });

  test('tokens count, not requests', () => {
    const queue = new FairQueue<Item>();
    for (let i = 0; i < 6; i++) queue.push(item('A', '', 30));
    for (let i = 0; i < 9; i++) queue.push(item('B', '', 10));
    expect(rooms(drain(queue).slice(0, 8))).toBe('A B B B A B B B');
  });

  test('what was not used is given back, what was used beyond is charged', () => {
    const queue = new FairQueue<Item>();
    const [a, b] = [item('A'), item('B')];
    for (const each of [a, b, item('A'), item('B')]) queue.push(each);
    expect([queue.take(), queue.take()]).toEqual([a, b]);
    queue.use(a, 25);
    expect(rooms(queue.order())).toBe('B A');
    queue.use(b, 2);
    queue.done(b);
    queue.use(a, 1);
    expect(queue.take()!.room).toBe('B');
    // A has had 26, B 2 and a promise of 10.
    queue.push(item('B'));
    expect(rooms(drain(queue))).toBe('B A');
  });

  test('who comes later starts where the least served one stands', () => {
    const queue = new FairQueue<Item>();
    for (let i = 0; i < 20; i++) queue.push(item('A'));
    for (let i = 0; i < 10; i++) queue.take();
    for (let i = 0; i < 5; i++) queue.push(item('B'));
    expect(rooms(drain(queue).slice(0, 6))).toBe('B A B A B A');
  });

  test('leaving and coming back forgives nothing while others wait', () => {
    const queue = new FairQueue<Item>();
    const big = item('A', '', 100);
    queue.push(big);
    for (let i = 0; i < 5; i++) queue.push(item('B'));
    queue.take();
    queue.use(big, 100);
    queue.done(big);
    queue.push(item('A'));
    expect(rooms(drain(queue))).toBe('B B B B B A');
  });

  test('who is put back comes first, and is not charged again', () => {
    const queue = new FairQueue<Item>();
    const [a, b] = [item('A'), item('B')];
    queue.push(a);
    queue.push(b);
    queue.take();
    queue.pushFront(a);
    expect(queue.order()).toEqual([a, b]);
    expect(queue.take()).toBe(a);
    queue.use(a, 10);
    queue.push(item('A'));
    expect(rooms(queue.order())).toBe('B A');
  });

  test('who may not go yet is passed over and keeps his place', () => {
    const queue = new FairQueue<Item>();
    const [a, b] = [item('A'), item('B')];
    queue.push(a);
    queue.push(b);
    expect(queue.take((each) => each !== a)).toBe(b);
    expect(queue.take((each) => each !== a)).toBeUndefined();
    expect(queue.take()).toBe(a);
  });

  test('newcomers without end keep nobody waiting', () => {
    const queue = new FairQueue<Item>();
    const serve = () => {
      const next = queue.take()!;
      queue.use(next, next.cost);
      queue.done(next);
      return next;
    };
    for (const field of ['room', 'person'] as const) {
      const named = (name: string) => (field === 'room' ? item(name) : item('A', name));
      queue.push(named('regular'));
      for (let i = 0; i < 3; i++) queue.push(named(`first ${i}`));
      serve();
      const again = named('regular');
      queue.push(again);
      let newcomers = 0;
      do queue.push(named(`new ${newcomers++}`));
      while (serve() !== again && newcomers < 100);
      expect(newcomers).toBeLessThan(15);
      while (queue.size > 0) serve();
    }
  });

  test('who comes anew does not start behind all who wait', () => {
    const queue = new FairQueue<Item>();
    const long = item('A');
    queue.push(long);
    queue.take();
    for (let i = 0; i < 3; i++) queue.push(item('B'));
    // Half of what A takes at work is B's share, which B cannot have had.
    queue.use(long, 1000);
    queue.push(item('C'));
    expect(rooms(queue.order())).toBe('B C B B');
  });

  test('ten thousand names that come once are forgotten', () => {
    const queue = new FairQueue<Item>();
    let most = 0;
    queue.push(item('0'));
    for (let i = 1; i <= 10_000; i++) {
      queue.push(item(`${i}`));
      const next = queue.take()!;
      queue.use(next, 12);
      queue.done(next);
      most = Math.max(most, queue.rooms);
    }
    expect(most).toBeLessThan(100);
  });

  test('each place is that of the order, also after pruning and putting back', () => {
    const queue = new FairQueue<Item>();
    const all = Array.from({ length: 60 }, (_, i) => item(`${i % 4}`, `${i % 7}`, 1 + (i % 5)));
    for (const each of all) queue.push(each);
    const taken = [queue.take()!, queue.take()!];
    queue.pushFront(taken[0]!);
    expect(queue.prune(({ id }) => id % 3 === 0)).toBeGreaterThan(10);
    expect(queue.order().map((each) => queue.placeOf(each))).toEqual(queue.order().map((_, i) => i + 1));
    expect(queue.placeOf(taken[1]!)).toBe(0);
    const order = [...queue.order()];
    expect(drain(queue)).toEqual(order);
  });

  test('random arrivals: nobody is lost, and rooms that wait stay level', () => {
    const random = new Random(3, 'queue');
    for (let round = 0; round < 30; round++) {
      const queue = new FairQueue<Item>();
      const [served, added, taken] = [new Map<string, number>(), new Set<Item>(), new Set<Item>()];
      const names = ['A', 'B', 'C'];
      for (const room of names)
        for (let i = 0; i < 40; i++) add(item(room, `${i % 3}`, 1 + random.below(50)));
      function add(each: Item) {
        queue.push(each);
        added.add(each);
      }
      for (let i = 0; i < 60; i++) {
        const next = queue.take()!;
        expect(taken.has(next)).toBe(false);
        taken.add(next);
        const used = random.below(60);
        queue.use(next, used);
        queue.done(next);
        served.set(next.room, (served.get(next.room) ?? 0) + used);
        if (random.below(4) === 0) add(item('D', `${i}`, 5));
        const each = names.map((name) => served.get(name) ?? 0);
        // One request of the largest cost, or use, is the most that one room can be ahead of another.
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(60);
      }
      const gone = [...added].filter((each) => !taken.has(each) && random.below(3) === 0);
      queue.prune((each) => gone.includes(each));
      expect(queue.order().length).toBe(queue.size);
      for (const each of drain(queue)) taken.add(each);
      expect(taken.size + gone.length).toBe(added.size);
    }
  });
});
