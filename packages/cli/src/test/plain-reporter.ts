import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends a run with the reasons of skipped tests, counted, and with the line `N passed, N failed, N skipped`.
 * A file that cannot even be loaded counts as one failure.
 */
export default class PlainReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let passed = 0;
    let failed = unhandled.length;
    let skipped = 0;
    const reasons = new Map<string, number>();
    for (const module of modules) {
      if (module.errors().length > 0) failed++;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed++;
        else if (result.state === 'failed') failed++;
        else {
          skipped++;
          const reason = (result.state === 'skipped' && result.note) || `not run here: ${test.fullName}`;
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        }
      }
    }
    for (const [reason, count] of [...reasons].sort()) console.log(`skipped ${count}: ${reason}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
