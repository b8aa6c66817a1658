// Whether a file is a proof or a pack at all, sound or not, before it is judged: one that is neither is not called bad.
// What was altered in one place still bears the other marks.

const MARKS = ['bodies', 'claim', 'entries', 'format', 'logs', 'says', 'checkpoint', 'leaf'].map(name => `"${name}":`)
const MEMBER = /^(manifest\.json|checkpoint|(governing|entries)\/[0-9]+|bodies\/[0-9a-f]{64})\0/
const MOST = 128 * 1024 * 1024 // a longer text is no proof

const latin = bytes => new TextDecoder('latin1').decode(bytes)

/** An archive of another program may say ustar too: a pack begins with its manifest. */
function isPack (bytes) {
  const head = latin(bytes.subarray(0, 527))
  return MEMBER.test(head) || (head.slice(257, 262) === 'ustar' && head.slice(512) === '{"environment":')
}

function isProof (bytes) {
  const head = latin(bytes.subarray(0, 10))
  if (bytes.length > MOST || !(head.startsWith('{') || head.slice(1) === '"bodies":')) return false
  const text = latin(bytes)
  return MARKS.filter(mark => text.includes(mark)).length >= 3
}

/** Whether these bytes are a proof, an open pack or a sealed one, or what is left of one. */
export function isOurs (bytes) {
  return isPack(bytes) || latin(bytes.subarray(0, 21)) === 'age-encryption.org/v1' || isProof(bytes)
}
