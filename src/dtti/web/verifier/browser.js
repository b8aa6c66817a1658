// What the second verifier asks of Node's own crypto and Buffer, for a browser: SHA-256, SHA-512, Ed25519 (RFC 8032,
// without the cofactor) and ECDSA over P-256 (FIPS 186-5), in whole numbers. It only checks, and holds no secret: nothing
// here has to take the same time for every value. Knows no proof and no page.

// --- bytes -----------------------------------------------------------------------------------------------------------

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The bytes of a text: in UTF-8, Latin-1, hexadecimal, or base64 (what is none is passed over, as Node does). */
function encoded (text, form) {
  if (form === 'latin1') return [...text].map(sign => sign.charCodeAt(0) & 255)
  if (form === 'hex') return (text.match(/^(?:[0-9a-fA-F]{2})*/)[0].match(/../g) ?? []).map(pair => parseInt(pair, 16))
  if (form !== 'base64') return new TextEncoder().encode(text.replace(/\p{Surrogate}/gu, '\ufffd'))
  const [bytes, plain] = [[], text.split('=')[0].replace(/-/g, '+').replace(/_/g, '/')]
  let [held, width] = [0, 0]
  for (const sign of plain) {
    const value = ALPHABET.indexOf(sign)
    if (value < 0) continue
    held = (held << 6 | value) & 0xffffff
    width += 6
    if (width >= 8) bytes.push(held >> (width -= 8) & 255)
  }
  return bytes
}

export class Bytes extends Uint8Array {
  static from (value, form) { return typeof value === 'string' ? new Bytes(encoded(value, form)) : new Bytes(value) }
  static of (...values) { return new Bytes(values) }
  static alloc (size) { return new Bytes(size) }
  static allocUnsafe (size) { return new Bytes(size) }
  static byteLength (text) { return Bytes.from(text).length }
  static concat (parts) {
    const made = new Bytes(parts.reduce((size, part) => size + part.length, 0))
    parts.reduce((place, part) => { made.set(part, place); return place + part.length }, 0)
    return made
  }

  static compare (one, other) {
    const size = Math.min(one.length, other.length)
    for (let place = 0; place < size; place++) if (one[place] !== other[place]) return one[place] < other[place] ? -1 : 1
    return Math.sign(one.length - other.length)
  }

  subarray (start, end) {
    const part = super.subarray(start, end)
    return new Bytes(part.buffer, part.byteOffset, part.length)
  }

  readUInt16BE (place) { return this[place] * 256 + this[place + 1] }
  readBigUInt64BE (place = 0) { return number(this.subarray(place, place + 8)) }

  write (text, place, form) {
    if (typeof place === 'string') [place, form] = [0, place]
    const bytes = Bytes.from(text, form)
    this.set(bytes.subarray(0, this.length - (place ?? 0)), place ?? 0)
    return bytes.length
  }

  toString (form, start = 0, end = this.length) {
    const bytes = this.subarray(start, end)
    if (form === 'hex') return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
    if (form === 'latin1') return Array.from(bytes, byte => String.fromCharCode(byte)).join('')
    if (form !== 'base64' && form !== 'base64url') return new TextDecoder().decode(bytes)
    let text = ''
    for (let place = 0; place < bytes.length; place += 3) {
      const group = bytes[place] << 16 | (bytes[place + 1] ?? 0) << 8 | (bytes[place + 2] ?? 0)
      const signs = Math.min(3, bytes.length - place) + 1
      for (let at = 0; at < 4; at++) text += at < signs ? ALPHABET[group >> (18 - 6 * at) & 63] : '='
    }
    return form === 'base64' ? text : text.replace(/=/g, '').replace(/\+/g, '-').replace(/\//g, '_')
  }
}

globalThis.Buffer ??= Bytes

const number = bytes => BigInt('0x' + (Bytes.from(bytes).toString('hex') || '0'))
const little = bytes => number(Bytes.from(bytes).reverse())

// --- digests (FIPS 180-4) --------------------------------------------------------------------------------------------

function primes (count) {
  const found = []
  for (let each = 2; found.length < count; each++) if (found.every(prime => each % prime)) found.push(each)
  return found.map(BigInt)
}

/** The first `bits` bits of what follows the point in the root of a number. */
function fraction (value, root, bits) {
  const scaled = value << BigInt(bits * root)
  let [low, high] = [0n, 1n << BigInt(bits + 10)]
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** BigInt(root) <= scaled) low = middle
    else high = middle
  }
  return low & ((1n << BigInt(bits)) - 1n)
}

/** SHA-2 with words of `bits` bits. */
function sha2 (bits, rounds, [a1, a2, a3], [e1, e2, e3], [s1, s2, s3], [t1, t2, t3]) {
  const [mask, size] = [(1n << BigInt(bits)) - 1n, bits / 8]
  const turn = (value, by) => (value >> BigInt(by) | value << BigInt(bits - by)) & mask
  const keys = primes(rounds).map(prime => fraction(prime, 3, bits))
  const start = primes(8).map(prime => fraction(prime, 2, bits))
  return message => {
    const block = size * 16
    const padded = new Bytes(Math.ceil((message.length + 1 + 2 * size) / block) * block)
    padded.set(message)
    padded[message.length] = 128
    const length = (message.length * 8).toString(16).padStart(16, '0')
    padded.set(encoded(length, 'hex'), padded.length - 8)
    const state = [...start]
    for (let place = 0; place < padded.length; place += block) {
      const words = Array.from({ length: 16 }, (_, at) => number(padded.subarray(place + at * size, place + (at + 1) * size)))
      for (let at = 16; at < rounds; at++) {
        const [x, y] = [words[at - 15], words[at - 2]]
        const first = turn(x, s1) ^ turn(x, s2) ^ x >> BigInt(s3)
        const second = turn(y, t1) ^ turn(y, t2) ^ y >> BigInt(t3)
        words.push((words[at - 16] + first + words[at - 7] + second) & mask)
      }
      let [a, b, c, d, e, f, g, h] = state
      for (let at = 0; at < rounds; at++) {
        const one = h + (turn(e, e1) ^ turn(e, e2) ^ turn(e, e3)) + (e & f ^ ~e & mask & g) + keys[at] + words[at]
        const two = (turn(a, a1) ^ turn(a, a2) ^ turn(a, a3)) + (a & b ^ a & c ^ b & c)
        ;[a, b, c, d, e, f, g, h] = [(one + two) & mask, a, b, c, (d + one) & mask, e, f, g]
      }
      ;[a, b, c, d, e, f, g, h].forEach((value, at) => { state[at] = (state[at] + value) & mask })
    }
    return Bytes.from(state.map(value => value.toString(16).padStart(size * 2, '0')).join(''), 'hex')
  }
}

const DIGESTS = {
  sha256: sha2(32, 64, [2, 13, 22], [6, 11, 25], [7, 18, 3], [17, 19, 10]),
  sha512: sha2(64, 80, [28, 34, 39], [14, 18, 41], [1, 8, 7], [19, 61, 6])
}

export function createHash (name) {
  const parts = []
  const hash = {
    update: part => { parts.push(typeof part === 'string' ? Bytes.from(part) : part); return hash },
    digest: () => DIGESTS[name](Bytes.concat(parts))
  }
  return hash
}

// --- curves ----------------------------------------------------------------------------------------------------------

const modulo = (value, by) => ((value % by) + by) % by

function power (base, exponent, by) {
  let made = 1n
  for (base = modulo(base, by); exponent; exponent >>= 1n, base = base * base % by) if (exponent & 1n) made = made * base % by
  return made
}

const inverse = (value, by) => power(value, by - 2n, by)

/** A point so many times, by the addition of its curve. */
function times (add, zero, scalar, point) {
  let made = zero
  for (; scalar; scalar >>= 1n, point = add(point, point)) if (scalar & 1n) made = add(made, point)
  return made
}

const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n
const D = modulo(-121665n * inverse(121666n, P), P)
const ROOT = power(2n, (P - 1n) / 4n, P)
const ORIGIN = [0n, 1n, 1n, 0n]

/** Addition on edwards25519 in extended coordinates (RFC 8032, 5.1.4). */
function plus ([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const [a, b] = [(y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P]
  const [c, d] = [2n * t1 * t2 % P * D % P, 2n * z1 * z2 % P]
  const [e, f, g, h] = [b - a, d - c, d + c, b + a]
  return [e * f, g * h, f * g, e * h].map(value => modulo(value, P))
}

/** The point that 32 bytes say; null where they say none. */
function point (bytes) {
  const [sign, y] = [bytes[31] >> 7, little(bytes) & ((1n << 255n) - 1n)]
  if (y >= P) return null
  const [u, v] = [modulo(y * y - 1n, P), modulo(D * y * y + 1n, P)]
  let x = u * power(v, 3n, P) % P * power(u * power(v, 7n, P), (P - 5n) / 8n, P) % P
  if (modulo(v * x * x + u, P) === 0n) x = x * ROOT % P
  if (modulo(v * x * x - u, P) !== 0n || (x === 0n && sign)) return null
  if (Number(x & 1n) !== sign) x = P - x
  return [x, y, 1n, x * y % P]
}

function written ([x, y, z]) {
  const [one, other] = [x * inverse(z, P) % P, y * inverse(z, P) % P]
  const bytes = Bytes.from((other | (one & 1n) << 255n).toString(16).padStart(64, '0'), 'hex')
  return bytes.reverse()
}

const BASE = point(Bytes.from('58' + '66'.repeat(31), 'hex'))

function ed25519 (key, message, signature) {
  const [given, s] = [point(key), little(signature.subarray(32))]
  if (!given || s >= L) return false
  const challenge = modulo(little(DIGESTS.sha512(Bytes.concat([signature.subarray(0, 32), key, message]))), L)
  const [x, y, z, t] = times(plus, ORIGIN, challenge, given)
  const found = plus(times(plus, ORIGIN, s, BASE), [modulo(-x, P), y, z, modulo(-t, P)])
  return Bytes.compare(written(found), signature.subarray(0, 32)) === 0
}

const [Q, ORDER] = ['ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
  'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'].map(text => BigInt('0x' + text))
const B = BigInt('0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b')
const START = ['6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
  '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'].map(text => BigInt('0x' + text))

/** Addition on P-256; null is the point at infinity. */
function sum (one, other) {
  if (!one || !other) return one ?? other
  const [[x1, y1], [x2, y2]] = [one, other]
  if (x1 === x2 && modulo(y1 + y2, Q) === 0n) return null
  const slope = x1 === x2 ? (3n * x1 * x1 - 3n) * inverse(2n * y1, Q) : (y2 - y1) * inverse(modulo(x2 - x1, Q), Q)
  const x = modulo(slope * slope - x1 - x2, Q)
  return [x, modulo(slope * (x1 - x) - y1, Q)]
}

/** The two numbers of a signature in DER; null where it is not in that form. */
function pair (bytes) {
  const found = []
  if (bytes[0] !== 48 || bytes[1] !== bytes.length - 2) return null
  for (let place = 2; place < bytes.length;) {
    const [tag, size, first, second] = bytes.subarray(place, place + 4)
    const value = bytes.subarray(place + 2, place + 2 + size)
    const least = size > 1 && first === 0 && second < 128
    if (tag !== 2 || size < 1 || value.length !== size || first > 127 || least) return null
    found.push(number(value))
    place += 2 + size
  }
  return found.length === 2 ? found : null
}

function p256 ({ x, y }, message, signature) {
  const found = pair(signature)
  const key = [number(Bytes.from(x, 'base64')), number(Bytes.from(y, 'base64'))]
  const on = key.every(each => each < Q) && modulo(key[1] ** 2n - key[0] ** 3n + 3n * key[0] - B, Q) === 0n
  if (!on || !found || found.some(each => each < 1n || each >= ORDER)) return false
  const [r, s] = found
  const by = inverse(s, ORDER)
  const [u, v] = [number(DIGESTS.sha256(message)) * by % ORDER, r * by % ORDER]
  const made = sum(times(sum, null, u, START), times(sum, null, v, key))
  return made !== null && made[0] % ORDER === r
}

/** A key as the verifier gives it: Ed25519 in DER, or P-256 as a JWK. */
export function createPublicKey ({ key, format }) {
  return format === 'jwk' ? { p256: key } : { ed25519: Bytes.from(key).subarray(-32) }
}

export function verify (_digest, message, given, signature) {
  const { ed25519: plain, p256: curve } = given.key ?? given
  return plain ? ed25519(plain, message, Bytes.from(signature)) : p256(curve, message, Bytes.from(signature))
}
