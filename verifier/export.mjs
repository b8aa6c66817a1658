// A released ledger as a folder of static files (C2SP tlog-tiles): what docs/format.md, section 4, asks of it. Reads files
// that others give: regular ones alone, bounded before they are read, and never waiting for one.

import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  Chain, Fault, MOST_BODY, SALT, append, at, checkLeaf, checkNote, cosignatures, fold, hex, leafHash, nodeHash, openLeaf,
  opens, parseNote, reached, require, same, utf8
} from './ledger.mjs'

const LONGEST = 60000 // milliseconds over which the blocks of one file may come
const [WIDTH, MOST_NOTE, MOST_BUNDLE] = [256, 65536, 256 * (2 + 65535)]

export const isFolder = path => statSync(path).isDirectory()

/**
 * The bytes of a regular file, as many as it had when it was opened; null where that is more than `most`. Throws where it
 * cannot be read. Of a file that says no size, as those of /proc do, nothing is read: some of them wait, or never end.
 */
export function readFile (path, most) {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size } = regular(path, fstatSync(file))
    if (size > most) return null
    const [bytes, limit] = [Buffer.allocUnsafe(size), performance.now() + LONGEST]
    let length = 0
    while (length < size) {
      const read = readSync(file, bytes, length, Math.min(size - length, 2 ** 20))
      if (read === 0) break
      if (performance.now() > limit) fail(path, `it was not read in ${LONGEST / 1000} seconds`)
      length += read
    }
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

const fail = (path, reason) => { throw Object.assign(new Error(`${path}: ${reason}`), { syscall: 'open' }) }

function regular (path, found) {
  return found.isFile() ? found : fail(path, 'it is no regular file')
}

/** The leaves in an entry bundle, each after its length in two bytes; there must be `width` of them. */
export function unbundle (bytes, width, rule) {
  const leaves = []
  for (let place = 0; place < bytes.length;) {
    const end = place + 1 < bytes.length ? place + 2 + bytes.readUInt16BE(place) : Infinity
    require(end <= bytes.length, rule, `the bundle ends in the middle of its entry ${leaves.length}`)
    leaves.push(bytes.subarray(place + 2, end))
    place = end
  }
  require(leaves.length === width, rule, `it holds ${leaves.length} entries, not ${width}`)
  return leaves
}

/** What the file `path` of an export holds; a Fault of `rule` where it is wanting, no file, or too large. */
function part (folder, path, most, rule) {
  let found
  try {
    found = readFile(join(folder, path), most)
  } catch (error) {
    if (!error.syscall) throw error
    throw new Fault(rule, error.message, path)
  }
  require(found, rule, 'it is larger than any such file', path)
  return found
}

/** Path of a tile by level (or `entries`), number and width. */
function pathOf (level, number, width) {
  const parts = [String(number % 1000).padStart(3, '0')]
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    parts.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  }
  return `tile/${level}/${parts.join('/')}${width === WIDTH ? '' : `.p/${width}`}`
}

/** Path and width of every tile over so many hashes. */
function * tiles (level, hashes) {
  for (let number = 0; number * WIDTH < hashes; number++) {
    const width = Math.min(WIDTH, hashes - number * WIDTH)
    yield [pathOf(level, number, width), width, number]
  }
}

/** Every tile of the tree over `hashes`, level by level: only complete subtrees have a place in it. */
function * hashTiles (hashes) {
  for (let level = 0; hashes.length > 0; level++) {
    for (const [path, width, number] of tiles(level, hashes.length)) {
      yield [path, Buffer.concat(hashes.slice(number * WIDTH, number * WIDTH + width))]
    }
    for (let step = 0; step < 8; step++) {
      const pairs = Math.floor(hashes.length / 2)
      hashes = Array.from({ length: pairs }, (_, place) => nodeHash(hashes[2 * place], hashes[2 * place + 1]))
    }
  }
}

/** Every file under a folder, and every link, by its path from there. */
function * under (folder, path = '') {
  for (const name of readdirSync(join(folder, path), 'buffer')) {
    const inside = path ? `${path}/${name}` : String(name)
    const exact = same(Buffer.from(String(name)), name)
    if (exact && lstatSync(join(folder, inside)).isDirectory()) yield * under(folder, inside)
    else yield inside
  }
}

function isThere (path) {
  try {
    return Boolean(lstatSync(path))
  } catch {
    return false
  }
}

/** Check a folder of static files: every entry, tile, body and the checkpoint, and that there is nothing else. */
export function checkExport (folder) {
  const note = at('checkpoint', () => parseNote(text(part(folder, 'checkpoint', MOST_NOTE, 'checkpoint'))))
  const expected = new Set(['checkpoint'])
  const leaves = []
  for (const [path, width] of tiles('entries', note.size)) {
    const bundle = part(folder, path, MOST_BUNDLE, 'entries')
    leaves.push(...at(path, () => unbundle(bundle, width, 'entries')))
    expected.add(path)
  }
  const side = at('entry 0', () => openLeaf(leaves[0] ?? Buffer.alloc(0))).act.side
  const [chain, peaks, hashes, commitments] = [new Chain(), [], [], []]
  let [previous, time] = ['0'.repeat(64), '']
  for (const [index, leaf] of leaves.entries()) {
    const act = at(`entry ${index}`, () => checkLeaf(leaf, index, previous, side, chain))
    time = reached(time, act)
    commitments.push(...act.body)
    hashes.push(leafHash(leaf))
    append(index, peaks, hashes[index])
    previous = hex(hashes[index])
  }
  require(same(fold(peaks), note.root), 'root', 'the entries here do not lead to the signed root', 'checkpoint')
  at('checkpoint', () => checkNote(note, chain))
  for (const [path, tile] of hashTiles(hashes)) {
    const sound = same(part(folder, path, tile.length, 'tile'), tile)
    require(sound, 'tile', 'the tile is not what its entries hash to', path)
    expected.add(path)
  }
  for (const commitment of commitments) {
    const path = `body/${commitment.digest}`
    if (!isThere(join(folder, path))) continue
    expected.add(path)
    const holds = opens(commitment, part(folder, path, SALT + MOST_BODY, 'body'))
    require(holds, 'body', 'it is not what an entry committed to', path)
  }
  for (const path of under(folder)) {
    const wanted = expected.has(path) && !lstatSync(join(folder, path)).isSymbolicLink()
    require(wanted, 'files', 'it is no part of this export', path)
  }
  const asOf = { side, size: note.size, root: hex(note.root), time, cosigned: cosignatures(note, chain.counterparts) }
  const says = `The released ledger of ${side}, entries 0 to ${note.size - 1}.`
  return { says, constitution: chain.constitution, size: note.size, root: asOf.root, as_of: [asOf], revoked_since: [] }
}

function text (bytes) {
  try {
    return utf8(bytes)
  } catch (error) {
    throw new Fault('checkpoint', error.message)
  }
}
