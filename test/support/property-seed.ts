import fc from 'fast-check';

// The same cases in every run, so that a failure is the change's. With PROPERTY_RUNS the search is another each time.
if (process.env['PROPERTY_RUNS'] === undefined) fc.configureGlobal({ seed: 20_260_131 });
