// Runs Azurite until standard input closes: the operating system closes it when the parent dies, however it dies.
process.stdin.resume();
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
require('azurite/dist/src/azurite.js');
