// What the second verifier asks of Node's files and command line, and a browser has not: it is given bytes alone.

export const argv = []
export const constants = {}

function absent () { throw new Error('a browser reads no folder of this machine; choose a file') }

export const [closeSync, fstatSync, lstatSync, openSync, readSync, readdirSync, statSync] = Array(7).fill(absent)
export const [fileURLToPath, join, realpathSync] = Array(3).fill(absent)
