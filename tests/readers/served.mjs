// The second verifier kept running over many files: a test hands it one after the other, and reads a verdict for each.
// A frame: kind (b: the bytes of a file, d: the path of a folder), length in four bytes, contents.

import { checkBytes, checkFolder } from '../../verifier/verify.mjs'

function verdict (kind, given) {
  try {
    return kind === 0x62 ? checkBytes('', given) : checkFolder(given.toString())
  } catch (error) {
    return { crashed: `${error.stack}` } // the verifier may refuse anything, and must not fail over it
  }
}

let held = Buffer.alloc(0)
for await (const part of process.stdin) {
  held = Buffer.concat([held, part])
  while (held.length >= 5 && held.length >= 5 + held.readUInt32BE(1)) {
    const end = 5 + held.readUInt32BE(1)
    process.stdout.write(JSON.stringify(verdict(held[0], held.subarray(5, end))) + '\n')
    held = held.subarray(end)
  }
}
