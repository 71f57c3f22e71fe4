// Prints what dockerfile-utils says of the file, a finding a line; nothing where it says nothing.
const { readFileSync } = require('node:fs');
const { validate, ValidationSeverity } = require('dockerfile-utils');

const all = new Proxy({}, { get: (_, name) => (name === 'ignoreMultilineInstructions' || name === 'ignoreMultilineComments' ? undefined : ValidationSeverity.ERROR) });
for (const finding of validate(readFileSync(process.argv[2], 'utf8'), all))
  console.log(`line ${finding.range.start.line + 1}: ${finding.message}`);
