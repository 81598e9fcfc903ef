import { benches, formatTable } from '@lucie/bench';
import { LucieError, terminalProgress } from '@lucie/ledger';
import { Command } from 'commander';
import { nearest } from '../nearest.ts';
import { numberIn } from '../options/number-in.ts';

interface BenchOptions {
  runs: number;
  data?: string;
  split?: string;
  json?: boolean;
}

/** `lucie bench NAME` */
export function benchVerb(): Command {
  return new Command('bench')
    .description('measure something of ours beside a peer, in turn, on this machine')
    .argument('<name>', `one of: ${Object.keys(benches).join(', ')}`)
    .option('--runs <n>', 'alternations; the median counts', numberIn(1, 100, { whole: true }), 5)
    .option(
      '--data <path>',
      "other data than the bench's own, where it takes any: dedup reads JSONL, rag a folder of questions in SQuAD's shape or attacks in BIPIA's",
    )
    .option('--split <name>', 'which questions rag asks: test unless told')
    .option('--json', 'end with one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  ./lucie bench train --json\n  ./lucie bench serve --json\n  ./lucie bench dedup --data texts.jsonl\n  ./lucie bench rag --json',
    )
    .action(async (name: string, options: BenchOptions) => {
      const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
      if (!bench) {
        const near = nearest(name, Object.keys(benches));
        throw new LucieError({
          code: 'BENCH_UNKNOWN',
          found: `the unknown bench ${name}`,
          expected: near ? `a known one, perhaps ${near}` : `one of ${Object.keys(benches).join(', ')}`,
          todo: 'correct the name',
          exitCode: 2,
        });
      }
      const report = await bench({
        runs: options.runs,
        progress: terminalProgress(),
        ...(options.data === undefined ? {} : { data: options.data }),
        ...(options.split === undefined ? {} : { split: options.split }),
      });
      for (const table of report.tables ?? []) process.stderr.write(`${formatTable(table)}\n\n`);
      for (const note of report.notes ?? []) process.stderr.write(`${note}\n`);
      for (const result of report.results) {
        const { bar: wanted, better, ratio } = result;
        const reached = wanted !== undefined && (better === 'higher' ? ratio >= wanted : ratio <= wanted);
        const met = reached && (result.barP === undefined || (result.p ?? 1) < result.barP);
        const bar =
          wanted === undefined
            ? ''
            : ` (bar ${figure(wanted)}${result.barP === undefined ? '' : ` with p below ${result.barP}`}: ${met ? 'met' : 'not met'})`;
        const p = result.p === undefined ? '' : `, p ${result.p.toPrecision(2)}`;
        process.stderr.write(
          `${result.name}: ours ${figure(result.ours)} ${result.unit}, ${result.peerName} ${result.peerVersion} ${figure(result.peer)}: ` +
            `ratio ${result.ratio.toFixed(3)} [${result.low.toFixed(3)}, ${result.high.toFixed(3)}]${p}${bar}\n`,
        );
      }
      if (options.json) console.log(JSON.stringify(report));
    });
}

/** Four digits of what is small, whole numbers of what is big. */
function figure(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}
