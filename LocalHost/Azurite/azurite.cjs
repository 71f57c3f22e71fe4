// Runs Azurite until standard input closes: the operating system closes it when the parent dies, however it dies.
process.stdin.resume();
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));

// Ctrl-C in a terminal reaches every process at once; the storage must outlive those that still write to it.
const emit = process.emit;
process.emit = (event, ...rest) => (event === 'SIGINT' ? true : emit.call(process, event, ...rest));
process.on('SIGINT', () => {});

require('./indexes.cjs');
require('azurite/dist/src/azurite.js');
