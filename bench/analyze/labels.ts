// Precision and recall of every schema finding on the labelled schemas. Needs ../shared/corpus/postgres.
//   node bench/run.mjs bench/analyze/labels.ts [--details]
import { agreementOn, agreementTable } from '../../test/support/agreement.ts';
import { LABELLED } from '../../test/support/labels.ts';

const agreement = await agreementOn(LABELLED);
console.log(agreementTable(agreement));
if (process.argv.includes('--details')) {
  for (const { code, extra, missed } of agreement) {
    for (const name of extra) console.log(`extra ${code} ${name}`);
    for (const name of missed) console.log(`missed ${code} ${name}`);
  }
}
process.exit(0);
