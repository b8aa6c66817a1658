// What proof files and packs are made of, by docs/format.md alone: bytes, JSON, Ed25519, acts, tree, checkpoints, key
// lists. Knows nothing of the program that writes them, shares no code with it, and needs only Node's own crypto.

import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'

export const LARGEST = Number.MAX_SAFE_INTEGER // 2^53 - 1, the largest integer of the profile

/** A rule that is broken, with the place where; a place that is not known yet is filled in by `at`. */
export class Fault extends Error {
  constructor (rule, reason, where = '') { super(reason); Object.assign(this, { rule, where }) }
}

export function require (holds, rule, reason, where) {
  if (!holds) throw new Fault(rule, reason, where)
}

/** The result of `step`; a Fault in it that has no place gets `where`. */
export function at (where, step) {
  try {
    return step()
  } catch (error) {
    if (error instanceof Fault) error.where ||= where
    throw error
  }
}

// --- bytes -----------------------------------------------------------------------------------------------------------

export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
export const hex = bytes => bytes.toString('hex')
const unhex = text => Buffer.from(text, 'hex')
export const same = (one, other) => Buffer.compare(one, other) === 0
export const utf8 = bytes => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

export function base64 (text, rule = 'base64') {
  const raw = Buffer.from(text, 'base64')
  require(raw.toString('base64') === text, rule, 'not in canonical base64')
  return raw
}

// --- JSON in its one form --------------------------------------------------------------------------------------------

const FORBIDDEN = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u

function checkProfile (value, file, path = '$', depth = 1) {
  const ask = (holds, rule, reason) => require(holds, rule, `${path}: ${reason}`, file && `${file} ${path}`)
  if (typeof value === 'string') ask(!FORBIDDEN.test(value), 'profile-character', 'a character that no text may hold')
  if (typeof value === 'number') {
    ask(Number.isInteger(value), 'profile-float', 'a number with a fraction')
    ask(Math.abs(value) <= LARGEST, 'profile-integer', 'integer outside 2^53-1')
  }
  ask(value !== null, 'profile-null', 'null; leave the member out')
  if (typeof value !== 'object') return
  ask(depth <= 32, 'profile-depth', 'nested deeper than 32')
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value)) ask(/^[a-z0-9_]{1,40}$/.test(key), 'profile-key', 'a member name is not [a-z0-9_]{1,40}')
    checkProfile(member, file, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, depth + 1)
  }
}

export function encode (value) {
  if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  return `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${encode(value[key])}`).join(',')}}`
}

function parse (bytes, rule, file) {
  try {
    return JSON.parse(utf8(bytes))
  } catch ({ message }) {
    throw new Fault(rule, `not JSON: ${message}`, file && `${file} byte ${firstBad(bytes)}`)
  }
}

/** The first byte that is no part of JSON. Node does not always say, so it is sought by halving beginnings. */
function firstBad (bytes) {
  const text = bytes.toString()
  if (!same(Buffer.from(text), bytes)) return differs(bytes, Buffer.from(text)) // it is not UTF-8
  let [low, high] = [0, text.length]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (onlyEnds(text.slice(0, middle))) low = middle
    else high = middle - 1
  }
  return Buffer.byteLength(text.slice(0, low))
}

/** Whether nothing is wrong with this beginning of a JSON text but that it ends. */
function onlyEnds (text) {
  try {
    return JSON.parse(text) !== undefined
  } catch ({ message }) {
    const place = /at position ([0-9]+)/.exec(message)
    return /end of JSON|Unterminated/.test(message) || (place !== null && Number(place[1]) >= text.length)
  }
}

function differs (bytes, own) {
  const place = bytes.findIndex((byte, place) => byte !== own[place])
  return place < 0 ? bytes.length : place
}

/** The value of a canonical JSON `file`; a Fault says where it leaves the one form. */
export function decode (bytes, file) {
  const value = parse(bytes, 'profile-json', file)
  checkProfile(value, file)
  const own = Buffer.from(encode(value))
  require(same(own, bytes), 'profile-canonical', 'not in canonical form', `${file} byte ${differs(bytes, own)}`)
  return value
}

// Shapes: a shape is a function that throws where a value does not fit.

const shape = (test, what) => (value, path) => require(test(value), 'fields', `${path}: not ${what}`)
export const text = (pattern = /^/, most = Infinity) =>
  shape(value => typeof value === 'string' && pattern.test(value) && [...value].length <= most, `like ${pattern}`)
export const oneOf = (...words) => shape(value => words.includes(value), `one of ${words}`)
export const natural = (least = 0, most = LARGEST) =>
  shape(value => Number.isInteger(value) && value >= least && value <= most, `a number from ${least} to ${most}`)
export const object = shape(value => typeof value === 'object' && value !== null && !Array.isArray(value), 'an object')
export const list = (item, least = 0, most = Infinity) => (value, path) => {
  const fits = Array.isArray(value) && value.length >= least && value.length <= most
  require(fits, 'fields', `${path}: not ${least} to ${most} items`)
  value.forEach((one, place) => item(one, `${path}[${place}]`))
}
const mapping = (name, item) => (value, path) => {
  object(value, path)
  for (const key of Object.keys(value)) { name(key, path); item(value[key], `${path}.${key}`) }
}
export const struct = (needed, optional = {}) => (value, path) => {
  object(value, path)
  for (const key of Object.keys(needed)) require(Object.hasOwn(value, key), 'fields', `${path}: no member ${key}`)
  for (const key of Object.keys(value)) {
    const known = Object.hasOwn(needed, key) || Object.hasOwn(optional, key)
    require(known, 'fields', `${path}: unknown member ${key}`)
    ;(needed[key] ?? optional[key])(value[key], `${path}.${key}`)
  }
}

/** `value`, which must have that shape; where it has not, it breaks `rule`. */
export function fit (value, asked, rule) {
  try {
    asked(value, '$')
  } catch (error) {
    throw new Fault(rule, error.message)
  }
  return value
}

export const DIGEST = text(/^[0-9a-f]{64}$/)
export const SIDE = text(/^[A-Z]{3}$/)
export const CODE = text(/^[a-z][a-z0-9_]{0,39}$/)
export const RECORD = text(/^([a-z][a-z0-9_]{1,39}\/[A-Z]{3}\/[a-z2-7]{8,32})?$/)
const TIME = text(/^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z$/)
export const FLAG = oneOf(true, false)
export const CALENDAR_TIME = (value, path) => {
  TIME(value, path)
  require(inCalendar(value), 'fields', `${path}: no such time`)
}

function inCalendar (time) {
  const [year, month, day, hour, minute, second] = time.match(/[0-9]+/g).map(Number)
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return year > 0 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60
}

// --- Ed25519 ---------------------------------------------------------------------------------------------------------

const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n
const EIGHTH = 55188659117513257062467267217118295137698188065244968500265048394206261417927n
const SMALL_ORDER = new Set([0n, 1n, P - 1n, EIGHTH, P - EIGHTH]) // y-coordinates; such a key fits any signature
const SPKI = unhex('302a300506032b6570032100') // RFC 8410: what stands before the 32 bytes of the key

const integer = bytes => BigInt('0x' + hex(Buffer.from(bytes).reverse()))

function soundPoint (bytes) {
  const y = integer(bytes) & (2n ** 255n - 1n)
  return y < P && !SMALL_ORDER.has(y)
}

function publicKey (value) {
  require(/^[0-9a-f]{64}$/.test(value), 'key-encoding', 'a public key is not 32 bytes in lower-case hexadecimal')
  require(soundPoint(unhex(value)), 'key-encoding', 'a public key that is non-canonical or of small order')
  return createPublicKey({ key: Buffer.concat([SPKI, unhex(value)]), format: 'der', type: 'spki' })
}

/** Strict RFC 8032 without the cofactor: S below the order; R and the key canonical and not of small order. */
export function verifies (key, signature, signed) {
  if (key.algorithm !== 'ed25519' || signature.length !== 64) return false
  if (integer(signature.subarray(32)) >= L || !soundPoint(signature.subarray(0, 32))) return false
  return verifySignature(null, signed, publicKey(key.public), signature)
}

// --- acts ------------------------------------------------------------------------------------------------------------

const PAYLOAD_TYPE = 'application/vnd.dtti.act+json'
const ACT = struct({
  body: list(struct({ digest: DIGEST, size: natural() }), 0, 17), environment: CODE, format: natural(1, 1),
  index: natural(), ledger: CODE, office: RECORD, previous: DIGEST, programme: CODE, record: RECORD,
  rests: list(DIGEST, 0, 256), role: CODE, rules: CODE, seen: struct({ root: DIGEST, size: natural() }), side: SIDE,
  terms: object, time: TIME, verb: CODE
})
const ENVELOPE = struct({
  payload: text(), payloadType: text(),
  signatures: list(struct({ keyid: text(/^[0-9a-f]{16}$/), sig: text() }), 1, 16)
})

/** A leaf as {act, id, signed, signatures}; the signatures are not checked here. */
export function openLeaf (leaf) {
  require(leaf.length <= 65535, 'leaf-size', 'a leaf holds at most 65535 bytes')
  const { payload, payloadType, signatures } = fit(parse(leaf, 'envelope-fields'), ENVELOPE, 'envelope-fields')
  require(payloadType === PAYLOAD_TYPE, 'envelope-type', `the payload type is not ${PAYLOAD_TYPE}`)
  const own = JSON.stringify({ payload, payloadType, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) })
  require(same(Buffer.from(own), leaf), 'envelope-canonical', 'the envelope is not in its one byte form')
  const bytes = base64(payload, 'envelope-base64')
  const act = fit(parse(bytes, 'act-fields'), ACT, 'act-fields')
  checkProfile(act)
  require(same(Buffer.from(encode(act)), bytes), 'profile-canonical', 'the act is not in canonical form')
  require(inCalendar(act.time), 'act-time', 'the time of the act is no time of the calendar')
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${bytes.length} `), bytes])
  const raw = signatures.map(one => ({ keyid: one.keyid, signature: base64(one.sig, 'envelope-base64') }))
  return { act, id: hex(sha256(signed)), signed, signatures: raw }
}

/** The claimed time that a ledger has reached with `act`: a repair of the clock lowers it to its own. */
export function reached (time, act) {
  return act.verb === 'reset_time' || act.time > time ? act.time : time
}

export const MOST_BODY = 32 * 1024 * 1024
export const SALT = 32

/** Whether `body`, 32 bytes of salt and then the text, is what was committed to. */
export function opens (commitment, body) {
  return body.length === commitment.size + SALT && hex(sha256('dtti-body-1\0', body)) === commitment.digest
}

// --- tree (RFC 6962) -------------------------------------------------------------------------------------------------

export const leafHash = leaf => sha256(Buffer.of(0), leaf)
export const nodeHash = (left, right) => sha256(Buffer.of(1), left, right)
const half = number => Math.floor(number / 2) // not a shift: a size may have more than 32 bits
const odd = number => number % 2 === 1

export function checkInclusion (leaf, index, { size, root }, path) {
  require(index < size, 'inclusion', `leaf ${index} is not in a tree of ${size}`)
  let [place, last, got] = [index, size - 1, leafHash(leaf)]
  for (const step of path.map(unhex)) {
    require(last > 0, 'inclusion', 'the audit path is too long')
    const right = odd(place) || place === last
    got = right ? nodeHash(step, got) : nodeHash(got, step)
    while (right && !odd(place) && place > 0) [place, last] = [half(place), half(last)]
    ;[place, last] = [half(place), half(last)]
  }
  require(last === 0, 'inclusion', 'the audit path is too short')
  require(same(got, root), 'inclusion', 'the audit path leads to another root')
}

/** Add a leaf hash to the peaks of a tree of `size`. */
export function append (size, peaks, hash) {
  for (; odd(size); size = half(size)) hash = nodeHash(peaks.pop(), hash)
  peaks.push(hash)
}

export const fold = peaks => peaks.length ? peaks.reduceRight((root, left) => nodeHash(left, root)) : sha256('')

// --- checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature) -----------------------------------------------

const hint = (name, kind, key) => sha256(name, '\n', Buffer.of(kind), unhex(key.public)).subarray(0, 4)

export function parseNote (note) {
  const cut = note.indexOf('\n\n') + 1
  const head = /^([^\p{White_Space}\x00-\x1f\x7f+]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/u.exec(note.slice(0, cut))
  require(head && note.endsWith('\n') && Number(head[2]) <= LARGEST, 'checkpoint', 'this is no checkpoint')
  const lines = note.slice(cut + 1, -1).split('\n').map(line => {
    const [, name, encoded] = /^\u2014 ([^\p{White_Space}\x00-\x1f\x7f+]+) (\S+)$/u.exec(line) ?? []
    const raw = base64(encoded ?? '', 'checkpoint')
    require(raw.length >= 5, 'checkpoint', 'a signature line is malformed')
    return { name, hint: raw.subarray(0, 4), signature: raw.subarray(4) }
  })
  return { text: head[0], origin: head[1], size: Number(head[2]), root: base64(head[3], 'checkpoint'), lines }
}

const signedBy = (note, line, key) => line.name === note.origin && same(line.hint, hint(line.name, 1, key)) &&
  verifies(key, line.signature, Buffer.from(note.text))

function cosignedBy (note, line, name, key) {
  if (line.name !== name || !same(line.hint, hint(name, 4, key)) || line.signature.length !== 72) return false
  const seconds = line.signature.readBigUInt64BE(0)
  const signed = `cosignature/v1\ntime ${seconds}\n${note.text}`
  return seconds <= LARGEST && verifies(key, line.signature.subarray(8), Buffer.from(signed))
}

/** By whom of `known` it was cosigned, and at which Unix second, in order of time. */
export function cosignatures (note, known) {
  const found = new Map()
  for (const line of note.lines) {
    for (const { name, key } of known) {
      if (!cosignedBy(note, line, name, key)) continue
      const seconds = Number(line.signature.readBigUInt64BE(0))
      found.set(`${name} ${seconds}`, { by: name, seconds })
    }
  }
  return [...found.values()].sort((one, other) => one.seconds - other.seconds || (one.by < other.by ? -1 : 1))
}

/** The note is of the log that was founded, enough log keys in force signed it, and no line goes unchecked. */
export function checkNote (note, chain, mirrors = []) {
  require(chain.keys, 'checkpoint', 'no founding says who may sign it')
  require(note.origin === chain.party.origin, 'checkpoint', `it is of ${note.origin}, not of ${chain.party.origin}`)
  const { keys, threshold } = chain.keys.roles.log
  const got = keys.filter(key => note.lines.some(line => signedBy(note, line, key))).length
  require(got >= threshold, 'checkpoint', `${got} of ${threshold} signatures needed from the log's keys`)
  const known = [...chain.logs, ...chain.counterparts, ...mirrors]
  for (const line of note.lines) {
    const found = known.some(({ name, key }) => signedBy(note, line, key) || cosignedBy(note, line, name, key))
    require(found, 'checkpoint', `a line by ${line.name} does not verify under any key known here`)
  }
}

// --- key lists: position decides -------------------------------------------------------------------------------------

const KEY = struct({ algorithm: text(), public: text(/^/, 2048) })
const ROLE = struct({ keys: list(KEY, 1, 32), threshold: natural(1, 32) })
export const KEY_LIST = struct({ roles: mapping(CODE, ROLE), version: natural() })
const PARTY = struct({ keys: KEY_LIST, origin: text(/^[a-z0-9./-]{3,120}$/), side: SIDE })
export const FOUNDING = struct({ parties: list(PARTY, 1, 2), rule_sets: list(text(), 1, 16) })
const SIGNING = ['root', 'power', 'node', 'log', 'mirror']
const ALGORITHMS = new Map([...SIGNING.map(role => [role, 'ed25519']), ['box', 'age-x25519'], ['tls', 'x509-der']])
export const GOVERN = ['found', 'keys']

function checkKeyList ({ roles }) {
  for (const name of SIGNING) require(Object.hasOwn(roles, name), 'key-roles', `the key list has no ${name} role`)
  for (const [name, { keys, threshold }] of Object.entries(roles)) {
    require(ALGORITHMS.has(name), 'key-roles', `${name} is not a role`)
    for (const key of keys) {
      require(key.algorithm === ALGORITHMS.get(name), 'key-algorithm', `${name} takes ${ALGORITHMS.get(name)} keys`)
      if (key.algorithm === 'ed25519') publicKey(key.public)
    }
    const distinct = new Set(keys.map(key => key.public)).size
    require(distinct === keys.length, 'key-distinct', `the ${name} role lists one public key twice`)
    require(threshold <= distinct, 'key-threshold', `the ${name} role asks for ${threshold} of ${distinct} keys`)
  }
}

const keyId = key => hex(sha256(`${key.algorithm}\0${key.public}`)).slice(0, 16)

/** The different keys of a role that signed an entry, however often and under whatever id. */
function signers ({ keys }, { signed, signatures }) {
  const hasSigned = key => signatures.some(one => one.keyid === keyId(key) && verifies(key, one.signature, signed))
  return keys.filter(hasSigned)
}

export function checkSigned ({ roles }, entry) {
  const name = entry.act.role
  require(SIGNING.includes(name), 'key-roles', `${name} is no signing role`)
  const [got, wanted] = [signers(roles[name], entry).length, roles[name].threshold]
  require(got >= wanted, 'signature', `${got} of ${wanted} signatures needed from the ${name} keys in force`)
}

const named = (name, role) => role.keys.map(key => ({ name, key }))

/** What a side's foundings and key lists say, as far as they were taken in. */
export class Chain {
  keys = null // in force
  party = null // this side as it was founded
  joined = [] // both parties in order, once a founding named two
  first = null // the first founding
  constitution = ''
  constitutions = [] // of each founding, with its place
  ruleSets = [] // of the last founding
  logs = [] // own log keys by every list, old ones too, with the name under which they sign
  mirrors = [] // own mirror keys likewise
  counterparts = [] // mirror keys of the other side as it was founded
  lists = [] // every key list as [index of the entry that brought it, the list]

  take (entry) {
    const { verb, role } = entry.act
    require(GOVERN.includes(verb), 'founding', `${verb} is neither a founding nor a key list`)
    require(role === 'root', 'role', `${verb} is signed by root keys, not ${role}`)
    const before = this.keys
    if (verb === 'keys') this.rotate(entry)
    else this.found(entry)
    if (this.keys !== before) this.lists.push([entry.act.index, this.keys])
    this.logs.push(...named(this.party.origin, this.keys.roles.log))
    this.mirrors.push(...named(this.party.origin, this.keys.roles.mirror))
  }

  /** The keys that signed an entry and that a later list names no more: they were in force when they signed. */
  dropped (entry) {
    const { index, role, side } = entry.act
    const [, inForce] = this.lists.findLast(([at]) => at < index) ?? []
    const signed = inForce ? signers(inForce.roles[role], entry) : []
    return signed.sort((one, other) => (one.public < other.public ? -1 : 1)).flatMap(key => {
      const without = ([at, list]) => at > index && !list.roles[role].keys.some(one => one.public === key.public)
      const [at, list] = this.lists.find(without) ?? []
      return list ? [{ side, index, role, key: keyId(key), version: list.version, at }] : []
    })
  }

  rotate (entry) {
    const old = this.keys
    require(old, 'founding', 'a key list before the founding')
    const next = fit(entry.act.terms.keys, KEY_LIST, 'key-fields')
    checkKeyList(next)
    require(next.version === old.version + 1, 'key-version', `key list ${old.version} is followed by ${next.version}`)
    const agreed = [old, next].every(({ roles: { root } }) => signers(root, entry).length >= root.threshold)
    require(agreed, 'key-rotation', 'the old or the new root keys did not sign as their threshold asks')
    this.keys = next
  }

  found (entry) {
    const { act } = entry
    const { rule_sets: ruleSets, parties: given } = fit(act.terms, FOUNDING, 'founding')
    const parties = [...given].sort((one, other) => (one.side < other.side ? -1 : 1))
    const own = parties.find(party => party.side === act.side)
    const distinct = new Set(parties.map(party => party.side)).size
    require(own && distinct === parties.length, 'founding', `it does not name ${act.side} once`)
    parties.forEach(party => checkKeyList(party.keys))
    if (!this.keys) {
      const alone = parties.length === 1 && own.keys.version === 1
      require(alone, 'founding', "a ledger begins with its own side alone, and that side's key list 1")
      checkSigned(own.keys, entry)
      Object.assign(this, { keys: own.keys, party: own, first: act })
    }
    const before = this.joined.length ? this.joined : parties
    const agrees = encode(own) === encode(this.party) && encode(parties) === encode(before)
    require(agrees, 'founding', 'it contradicts the founding before it')
    if (parties.length === 2) this.joined = parties
    const others = parties.filter(party => party !== own)
    this.counterparts.push(...others.flatMap(party => named(party.origin, party.keys.roles.mirror)))
    const byBytes = (one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))
    const { environment, programme } = act
    const agreed = encode({ environment, parties, programme, rule_sets: [...ruleSets].sort(byBytes) })
    this.constitution = hex(sha256('dtti-constitution-1\0', agreed))
    this.constitutions.push({ index: act.index, digest: this.constitution })
    this.ruleSets = ruleSets
  }
}

/** Check one leaf of a ledger of `side` at its place and take it in; returns its act. */
export function checkLeaf (leaf, index, previous, side, chain) {
  const entry = openLeaf(leaf)
  const { act } = entry
  const placed = act.side === side && act.ledger === 'released' && act.index === index && act.previous === previous
  const said = `${act.side} ${act.ledger} entry ${act.index} after ${act.previous.slice(0, 12)}`
  require(placed, 'place', `it says it is ${said}`)
  require(chain.keys || GOVERN.includes(act.verb), 'founding', 'the ledger does not begin with its founding')
  if (chain.keys) checkSigned(chain.keys, entry)
  if (GOVERN.includes(act.verb)) chain.take(entry)
  return act
}
