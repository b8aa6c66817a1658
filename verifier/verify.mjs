// Checks proof files, open packs and exports by docs/format.md alone: what each must hold, and the command. Knows nothing
// of the program that wrote them; ledger.mjs beside it knows what the files are made of, export.mjs the folder.

import { createPublicKey, verify } from 'node:crypto'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { realpathSync } from 'node:fs'
import { checkExport, isFolder, readFile, unbundle } from './export.mjs'
import {
  CALENDAR_TIME, CODE, Chain, DIGEST, FLAG, FOUNDING, Fault, GOVERN, KEY_LIST, MOST_BODY, RECORD, SIDE, append, at,
  base64, checkInclusion, checkLeaf, checkNote, checkSigned, cosignatures, decode, encode, fit, fold, hex, leafHash, list,
  natural, oneOf, openLeaf, opens, parseNote, reached, require, same, sha256, struct, text, utf8
} from './ledger.mjs'

const NOTHING = '0'.repeat(64)
const BASE64 = text(/^[A-Za-z0-9+/]{1,2048}={0,2}$/)
const HOST = text(/^(?=.{1,120}$)([a-z0-9-]{1,63}\.)*[a-z0-9-]*[a-z][a-z0-9-]*$/)
const GRANT = [ // members that must be there, and those that may
  {
    grant: natural(), kinds: list(text(), 1, 64), office: RECORD, since: CALENDAR_TIME, verbs: list(text(), 1, 32)
  },
  { until: CALENDAR_TIME }
]

// --- proof files -----------------------------------------------------------------------------------------------------

const GRADES = { // each with what the sentence at the head of a proof says of it
  agreed_here: 'agreed this text here',
  on_paper: 'each recorded this text from the same paper',
  recorded: "recorded this text; it is that side's account alone",
  published: 'compiled this text from public sources; neither side confirmed it',
  stated: 'stated this version of its own record'
}
const PROOF = struct({
  bodies: list(struct({ data: text(), digest: DIGEST }), 0, 1),
  claim: struct({
    act: DIGEST, environment: CODE, grade: oneOf(...Object.keys(GRADES)), held: FLAG, programme: CODE, record: text(),
    sides: list(SIDE)
  }, { passkeys: list(SIDE, 1) }),
  entries: list(struct({ index: natural(), leaf: text(), proof: list(DIGEST, 0, 64), side: SIDE })),
  format: text(),
  logs: list(struct({ checkpoint: text(), side: SIDE }), 1, 2),
  says: text()
})

// Of each rule set: the digest that an activation names, and of each verb that a proof may hold the role that signs,
// least and most bodies, whether it names a record, its terms.
const OUTCOMES = ['agreed', 'returned', 'lapsed']
const DTTI_1 = {
  found: ['root', 0, 0, false, FOUNDING],
  keys: ['root', 0, 0, false, struct({ keys: KEY_LIST })],
  state: ['node', 1, 17, true, struct({}, {
    base: natural(), basis: oneOf('own', 'paper', 'published', 'elsewhere'), change: oneOf('change', 'correction'),
    confirms: DIGEST
  })],
  propose: ['node', 1, 17, true, struct({ base: natural(), next: SIDE, until: CALENDAR_TIME }, { firm: FLAG })],
  accept: ['node', 0, 1, true, struct({ offer: DIGEST })],
  send_back: ['node', 1, 17, true, struct({ offer: DIGEST }, { next: SIDE, until: CALENDAR_TIME })],
  close: ['node', 0, 0, true, struct({ offer: DIGEST, outcome: oneOf(...OUTCOMES) }, { answer: DIGEST })],
  power: ['power', 0, 0, false, struct({}, { ended: list(natural()), grants: list(struct(...GRANT)) })],
  acknowledge: ['node', 0, 0, false, struct({
    acts: list(struct({ act: DIGEST, record: RECORD }, { digest: DIGEST }), 1, 128)
  })]
}
const ASSERTION = struct({
  authenticator: BASE64, client: BASE64, credential: natural(), nonce: DIGEST, signature: BASE64
})
const NAME = text(/^[a-z][a-z0-9-]{0,39}$/)
const GATE = struct({ sop: NAME, stage: NAME }, {
  ends: NAME, path: NAME, since: NAME,
  rows: list(struct({ row: NAME, state: oneOf('met', 'waived', 'not_applicable') }, {
    acts: list(DIGEST, 0, 64), office: RECORD, side: SIDE
  }), 0, 128)
})
const CREDENTIAL = struct({
  credential: natural(), office: RECORD, public: text(/^04[0-9a-f]{128}$/), rp: HOST, since: CALENDAR_TIME
}, { until: CALENDAR_TIME })
const SIGNED = { assertion: ASSERTION }
const DTTI_2 = {
  ...DTTI_1,
  activate: ['root', 0, 0, false, struct({ digest: DIGEST, rule_set: CODE })],
  state: ['node', 1, 17, true, struct({}, {
    base: natural(), basis: oneOf('own', 'paper', 'published', 'elsewhere'), change: oneOf('change', 'correction'),
    confirms: DIGEST, group: text(/^[a-z2-7]{16}$/), ...SIGNED
  })],
  propose: ['node', 1, 17, true, struct({ base: natural(), next: SIDE, until: CALENDAR_TIME }, {
    firm: FLAG, gate: GATE, ...SIGNED
  })],
  accept: ['node', 0, 1, true, struct({ offer: DIGEST }, SIGNED)],
  send_back: ['node', 1, 17, true, struct({ offer: DIGEST }, {
    gate: GATE, next: SIDE, until: CALENDAR_TIME, ...SIGNED
  })],
  close: ['node', 0, 0, true, struct({ offer: DIGEST, outcome: oneOf(...OUTCOMES, 'late') }, {
    answer: DIGEST, sighted: DIGEST, ...SIGNED
  })],
  power: ['power', 0, 0, false, struct({}, {
    credentials: list(CREDENTIAL),
    ended: list(natural()),
    ended_credentials: list(natural()),
    grants: list(struct(GRANT[0], { ...GRANT[1], assertion: FLAG }))
  })]
}
const RULE_SETS = {
  dtti_1: { digest: '89143a51313ba508d3d9a81ae3656a4f0ada81cfd30894d46a96f162582e9a5b', verbs: DTTI_1, firmAnswerDecides: true },
  dtti_2: { digest: '10f70fdd8052fd794db16ab1c735a09bc810a3a83e90e07c2a84ee182fac94d4', verbs: DTTI_2, firmAnswerDecides: false }
}
const RULING = [...GOVERN, 'activate'] // shown whole: each of them, up to the checkpoint

function rulesOf ({ act }) {
  const known = Object.hasOwn(RULE_SETS, act.rules)
  require(known, 'rules', `this version does not know rule set ${act.rules}; upgrade first`, placeOf({ act }))
  return RULE_SETS[act.rules]
}

function checkForm (act, first) {
  const { body, environment, programme, record, role: signer, terms: given, verb } = act
  require(Object.hasOwn(DTTI_2, verb), 'proof-form', `${verb} has no part in a proof`)
  const { verbs } = rulesOf({ act })
  require(Object.hasOwn(verbs, verb), 'verb', `${verb} is no verb of rule set ${act.rules}`)
  const [role, least, most, onRecord, terms] = verbs[verb]
  require(signer === role, 'role', `${verb} is signed by ${role} keys, not ${signer}`)
  const here = programme === first.programme && environment === first.environment
  require(here, 'programme', 'it is not of the programme and environment of the founding')
  fit(given, terms, 'terms')
  if (verb === 'activate') {
    const known = act.rules === given.rule_set && RULE_SETS[given.rule_set]?.digest === given.digest
    require(known, 'rules', `it activates a rule set ${given.rule_set} that this version does not know`)
  }
  require(body.length >= least && body.length <= most, 'bodies', `${verb} carries ${least} to ${most} bodies`)
  require((record !== '') === onRecord, 'record', `${verb} names ${onRecord ? 'a' : 'no'} record`)
}

/** Check one entry of a proof where its side stands (`log`: note and chain), and take it in. */
function checkEntry ({ index, leaf, proof, side }, { note, chain, activated }) {
  const raw = base64(leaf)
  checkInclusion(raw, index, note, proof)
  const entry = openLeaf(raw)
  const { act } = entry
  const placed = act.side === side && act.ledger === 'released' && act.index === index
  require(placed, 'place', `it says it is ${act.side} ${act.ledger} entry ${act.index}`)
  require(chain.keys || act.verb === 'found', 'founding', 'no founding stands before it')
  if (chain.keys) checkSigned(chain.keys, entry)
  checkForm(act, chain.first ?? act)
  if (GOVERN.includes(act.verb)) chain.take(entry)
  if (act.verb === 'activate') activated.set(act.terms.rule_set, act.index)
  return entry
}

/** Whether the rule set that an entry names was in force for it: founded on, or activated by all that had joined. */
function checkRules (entry, logs) {
  const { index, rules, seen, side, verb } = entry.act
  if (RULING.includes(verb)) return
  const { chain, activated } = logs.get(side)
  const others = [...logs].filter(([name]) => name !== side).map(([, log]) => log)
  const both = activated.get(rules) < index &&
    (chain.joined.length < 2 || others.some(log => log.activated.get(rules) < seen.size))
  const holds = chain.ruleSets.includes(rules) || both
  require(holds, 'rules', `the file does not show that rule set ${rules} was in force for it`, placeOf(entry))
}

/** The act of the power keys that gives the credential of an entry's passkey assertion, with that credential. */
function credentialOf (entry, entries) {
  const { assertion } = entry.act.terms
  for (const each of assertion ? entries.values() : []) {
    if (each.act.verb !== 'power' || each.act.side !== entry.act.side || each.act.index >= entry.act.index) continue
    const credential = each.act.terms.credentials?.find(one =>
      one.credential === assertion.credential && one.office === entry.act.office)
    if (credential) return { power: each, credential }
  }
}

/** Check the passkey assertion that an entry carries, if any, against the form that it binds (WebAuthn, ES256). */
function checkAssertion (entry, entries, logs) {
  const { act } = entry
  const { assertion, ...terms } = act.terms
  const given = credentialOf(entry, entries)
  if (!given) return // that the act which bound it is shown, the claim asks
  const { constitutions } = logs.get(act.side).chain
  const constitution = constitutions.filter(one => one.index < act.index).at(-1)?.digest ?? ''
  const { ledger, office, record, rests, rules, side, verb } = act
  const form = {
    constitution, ledger, nonce: assertion.nonce, office, record, rests, rules, side, terms, texts: act.body, verb
  }
  const fault = assertionFault(assertion, given.credential, sha256('dtti-binding-1\0', encode(form)))
  const { since, until } = given.credential
  const inForce = since <= act.time && act.time <= (until ?? act.time)
  const why = fault || (inForce ? '' : 'the credential was not in force')
  require(!why, 'assertion', `the passkey assertion does not hold: ${why}`, placeOf(entry))
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/gu // the texts and numbers of what is JSON

/** The object in clientDataJSON; throws where JSON readers do not agree on it: in members that a later one replaces, too. */
function clientData (bytes) {
  const text = utf8(bytes)
  const told = JSON.parse(text)
  for (const value of (text.match(TOKEN) ?? []).map(token => JSON.parse(token))) {
    require(typeof value !== 'string' || !/\p{Surrogate}/u.test(value), 'assertion', 'a lone surrogate')
    require(typeof value !== 'number' || Number.isFinite(value), 'assertion', 'a number without end')
  }
  const plain = typeof told === 'object' && told !== null && !Array.isArray(told)
  require(plain && text.split(/[[{]/).length <= 33, 'assertion', 'it is not what a browser writes')
  return told
}

function assertionFault ({ authenticator, client, signature }, { public: point, rp }, challenge) {
  let [bytes, shown, signed, told] = []
  try {
    ;[bytes, shown, signed] = [client, authenticator, signature].map(part => base64(part))
    told = clientData(bytes)
  } catch {
    return 'it is not in the form of an assertion'
  }
  const { challenge: answered, crossOrigin = false, origin, type } = told
  if (![answered, origin, type].every(one => typeof one === 'string') || typeof crossOrigin !== 'boolean') {
    return 'it is not in the form of an assertion'
  }
  if (type !== 'webauthn.get' || crossOrigin) return 'it was not asked for by a page of this office system'
  if (answered !== challenge.toString('base64url')) return "it signs another form than this act's"
  const [, scheme, name] = /^(https?):\/\/([^:/]*)(?::[0-9]+)?$/.exec(origin) ?? []
  const local = name === 'localhost' || name?.endsWith('.localhost')
  const within = (scheme === 'https' || local) && (name === rp || name?.endsWith(`.${rp}`))
  if (!within) return `it was not given at ${rp}`
  if (shown.length < 37 || !same(shown.subarray(0, 32), sha256(rp))) return `it is not for ${rp}`
  if ((shown[32] & 5) !== 5) return 'the authenticator did not verify a person'
  const [x, y] = [point.slice(2, 66), point.slice(66)].map(half => Buffer.from(half, 'hex').toString('base64url'))
  try {
    const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    if (verify('sha256', Buffer.concat([shown, sha256(bytes)]), { key, dsaEncoding: 'der' }, signed)) return ''
  } catch {}
  return "its signature is not by the credential's key"
}

const placeOf = ({ act }) => `entry ${act.side} ${act.index}`

function saw (later, earlier) {
  const seen = later.act.seen.size > earlier.act.index
  require(seen, 'seen', `it was written before ${placeOf(earlier)} was seen`, placeOf(later))
  return later
}

/** A report and what it stands on, as [grade, entries]. A confirmation confirms the text that it names, not its own. */
function reported (entry, others) {
  const { record, side, terms: { basis } } = entry.act
  const confirming = others.find(({ act }) => act.verb === 'state' && act.side !== side &&
    act.terms.basis === 'paper' && act.terms.confirms === entry.id)
  if (basis === 'paper' && confirming) return ['on_paper', [entry, saw(confirming, entry)]]
  if (basis !== undefined) return [basis === 'published' ? 'published' : 'recorded', [entry]]
  require(record.split('/')[1] === side, 'owner', 'another side owns the record, and it gives no basis', placeOf(entry))
  return ['stated', [entry]]
}

/** Offer, acceptance, and the closing (unless a firm offer's answer decides by its rule set), as [grade, entries]. */
function agreed (offer, others) {
  const { side, terms } = offer.act
  const accept = others.find(({ act }) =>
    act.verb === 'accept' && act.side !== side && act.terms.offer === offer.id)
  require(accept, 'claim', 'no acceptance by the other side is among the entries')
  require(accept.act.time <= terms.until, 'until', `the offer was open until ${terms.until}`, placeOf(accept))
  const parts = [offer, saw(accept, offer)]
  if (terms.firm && rulesOf(offer).firmAnswerDecides) return ['agreed_here', parts]
  const closing = others.find(({ act }) => act.verb === 'close' && act.side === side && act.terms.offer === offer.id &&
    act.terms.answer === accept.id && act.terms.outcome === 'agreed')
  require(closing, 'claim', "the proposer's closing as agreed is not among the entries")
  return ['agreed_here', [...parts, saw(closing, accept)]]
}

/** The claim that the entries (by id) make about the text of the act `id`. */
function derive (id, entries) {
  const entry = entries.get(id)
  require(entry, 'claim', 'the act that it names is not among the entries')
  const { environment, programme, record, terms, verb } = entry.act
  const counterText = verb === 'send_back' && terms.until && terms.next && entry.act.body.length > 1
  require(['state', 'propose'].includes(verb) || counterText, 'claim', `${verb} carries no text`)
  const others = [...entries.values()].filter(each => each.act.record === record)
  const [grade, parts] = verb === 'state' ? reported(entry, others) : agreed(entry, others)
  const decided = parts.at(-1)
  const meant = held => held.act === decided.id && held.record === decided.act.record &&
    held.digest === decided.act.body[0]?.digest
  const acknowledged = [...entries.values()].find(({ act }) => act.verb === 'acknowledge' &&
    act.side !== decided.act.side && act.terms.acts.some(meant))
  if (acknowledged) saw(acknowledged, decided)
  const bound = parts.filter(each => each.act.terms.assertion)
  const powers = bound.map(each => {
    const given = credentialOf(each, entries)
    const missing = 'the act that bound its passkey to its office is not among the entries'
    require(given, 'assertion', missing, placeOf(each))
    return given.power
  })
  for (const each of entries.values()) {
    const used = RULING.includes(each.act.verb) || [...parts, ...powers, acknowledged].includes(each)
    require(used, 'proof-form', 'it has no part in what the file claims', placeOf(each))
  }
  const sidesOf = acts => [...new Set(acts.map(each => each.act.side))].sort()
  const passkeys = bound.length ? { passkeys: sidesOf(bound) } : {}
  return {
    act: id, environment, grade, held: acknowledged !== undefined, programme, record, sides: sidesOf(parts), ...passkeys
  }
}

function sentence ({ environment, grade, held, passkeys, programme, record, sides }, logs) {
  const alone = grade !== 'agreed_here' && grade !== 'on_paper' // of one side's account, receipt is not consent
  const receipt = `The other side acknowledged receipt${alone ? ', which is not agreement' : ''}.`
  const shown = held ? receipt : 'No receipt by the other side is shown.'
  const answer = shown + (passkeys ? ` Confirmed by passkey for ${passkeys.join(' and ')}.` : '')
  const sizes = [...logs].map(([side, { note }]) => `${side} ${note.size}`).join(', ')
  return `${programme} (${environment}), record ${record}: ${sides.join(' and ')} ${GRADES[grade]}. ${answer} ` +
    `As of ledger sizes ${sizes}; later changes are not shown.`
}

/** Two ledgers belong together only where each names the other as it was founded. Returns the constitution's digest. */
function checkFoundings (logs) {
  const founded = encode([...logs.values()].map(log => log.chain.party))
  for (const [side, { chain }] of logs) {
    const joined = logs.size === 1 || encode(chain.joined) === founded
    require(joined, 'founding', 'this side did not join the other one as it was founded', `checkpoint ${side}`)
  }
  const [constitution, other] = new Set([...logs.values()].map(log => log.chain.constitution))
  require(other === undefined, 'founding', 'the foundings of the two sides name different constitutions', 'logs')
  return constitution
}

function checkProof (bytes) {
  const proof = at('file', () => fit(decode(bytes, 'file'), PROOF, 'fields'))
  require(proof.format === 'dtti-proof-1', 'proof-form', 'this verifier reads dtti-proof-1', 'format')
  const logs = new Map()
  for (const { checkpoint, side } of proof.logs) {
    const note = at(`checkpoint ${side}`, () => parseNote(checkpoint))
    logs.set(side, { note, chain: new Chain(), activated: new Map() })
  }
  const written = [...new Set(proof.entries.map(entry => entry.side))].sort().join()
  const listed = [proof.logs.map(log => log.side).join(), [...logs.keys()].sort().join()]
  const ordered = listed.every(sides => sides === written)
  require(ordered, 'proof-form', 'not exactly one checkpoint, in order, for each side with entries', 'logs')
  const entries = new Map()
  let last = { side: '', index: -1 }
  for (const listed of proof.entries) {
    at(`entry ${listed.side} ${listed.index}`, () => {
      const after = listed.side > last.side || (listed.side === last.side && listed.index > last.index)
      require(after, 'proof-form', 'the entries are not in order')
      const entry = checkEntry(listed, logs.get(listed.side))
      entries.set(entry.id, entry)
      last = listed
    })
  }
  const constitution = checkFoundings(logs)
  for (const [side, { note, chain }] of logs) {
    const mirrors = [...logs].flatMap(([name, log]) => name === side ? [] : log.chain.mirrors)
    at(`checkpoint ${side}`, () => checkNote(note, chain, mirrors))
  }
  for (const entry of entries.values()) checkRules(entry, logs)
  const claim = at('claim', () => derive(proof.claim.act, entries))
  const agrees = encode(claim) === encode(proof.claim)
  require(agrees, 'claim', 'the entries show something else than the file claims', 'claim')
  require(sentence(claim, logs) === proof.says, 'claim', 'the sentence is not what the entries show', 'says')
  for (const entry of entries.values()) checkAssertion(entry, entries, logs)
  const { body, verb } = entries.get(claim.act).act
  for (const { data, digest } of proof.bodies) {
    const commitment = body[verb === 'send_back' ? 1 : 0]
    const held = digest === commitment.digest && opens(commitment, at('bodies', () => base64(data)))
    require(held, 'body', 'the text is not what the entry committed to', 'bodies')
  }
  const signed = [...entries.values()]
  const mirrors = [...logs.values()].flatMap(({ chain }) => [...chain.mirrors, ...chain.counterparts])
  const asOf = [...logs].map(([side, { note }]) => {
    const times = signed.filter(({ act }) => act.side === side).map(({ act }) => act.time)
    return { side, size: note.size, root: hex(note.root), time: times.sort().at(-1), cosigned: cosignatures(note, mirrors) }
  })
  const revoked = signed.filter(({ act }) => !GOVERN.includes(act.verb))
    .flatMap(entry => logs.get(entry.act.side).chain.dropped(entry))
  return { says: proof.says, constitution, as_of: asOf, revoked_since: revoked, claim }
}

// --- open packs ------------------------------------------------------------------------------------------------------

const MANIFEST = struct({
  environment: text(), files: list(struct({ digest: DIGEST, name: text(), size: natural() })), format: text(),
  governing: list(struct({ index: natural(), proof: list(DIGEST, 0, 64) })), origin: text(), peaks: list(DIGEST),
  previous: DIGEST, programme: text(), receiver: SIDE, side: SIDE, size: natural(), start: natural()
})
const MEMBER = /^(manifest\.json|checkpoint|(governing|entries)\/(0|[1-9][0-9]{0,11})|bodies\/[0-9a-f]{64})$/
const [BLOCK, WIDTH] = [512, 256]

/** The one header block that a file of this name and size has. */
function header (name, size) {
  const block = Buffer.alloc(BLOCK)
  const octal = (value, digits) => value.toString(8).padStart(digits, '0')
  block.write(name, 'latin1')
  block.write(`0000644\0${'0000000\0'.repeat(2)}${octal(size, 11)}\0${octal(0, 11)}\0        0`, 100)
  block.write('ustar\x0000', 257)
  block.write(`${octal(block.reduce((sum, byte) => sum + byte), 6)}\0 `, 148)
  return block
}

/** The files of an archive in its one byte form, as [name, contents]. */
function unarchive (bytes) {
  const files = []
  let place = 0
  for (;;) {
    const block = bytes.subarray(place, place + BLOCK)
    if (block.length === BLOCK && block.every(byte => byte === 0)) break
    require(block.length === BLOCK, 'pack-truncated', 'the pack ends in the middle of a file', `byte ${place}`)
    const name = block.toString('latin1', 0, 100).replace(/\0+$/, '')
    require(MEMBER.test(name), 'pack-path', 'this is no file of a pack', `byte ${place}`)
    const digits = block.toString('latin1', 124, 136)
    const size = /^[0-7]{11}\0$/.test(digits) ? parseInt(digits, 8) : -1
    const sound = size >= 0 && same(block, header(name, size))
    require(sound, 'pack-header', 'its header is not in the one form of a pack', name)
    const start = place + BLOCK
    place = start + Math.ceil(size / BLOCK) * BLOCK
    require(bytes.length >= place, 'pack-truncated', 'the pack ends in the middle of it', name)
    const padding = bytes.subarray(start + size, place)
    require(padding.every(byte => byte === 0), 'pack-padding', 'there are bytes after its end', name)
    files.push([name, bytes.subarray(start, start + size)])
  }
  const ended = same(bytes.subarray(place), Buffer.alloc(2 * BLOCK))
  require(ended, 'pack-truncated', 'the pack does not end as it should', `byte ${place}`)
  return files
}

/** The files of a pack by name, each as its manifest says. */
function openPack (bytes) {
  const [[first, raw] = [], ...rest] = unarchive(bytes)
  require(first === 'manifest.json', 'pack-manifest', 'a pack begins with its manifest', 'byte 0')
  const manifest = at(first, () => fit(decode(raw, first), MANIFEST, 'fields'))
  require(manifest.format === 'dtti-pack-1', 'pack-format', 'this verifier reads dtti-pack-1', first)
  const { files, governing, size, start } = manifest
  const numbered = (folder, many) => Array.from({ length: Math.max(many, 0) }, (_, number) => `${folder}/${number}`)
  const bundles = numbered('entries', Math.min(Math.ceil((size - start) / WIDTH), files.length + 1))
  const names = ['checkpoint', ...numbered('governing', governing.length), ...bundles]
  const listed = start <= size && names.every((name, place) => files[place]?.name === name) &&
    files.slice(names.length).every(file => file.name.startsWith('bodies/'))
  require(listed, 'pack-files', 'the files listed are not checkpoint, governing, entries, bodies', first)
  const contents = new Map()
  for (const [place, { digest, name, size }] of files.entries()) {
    const [found, data] = rest[place] ?? []
    const next = found === name && !contents.has(name)
    require(next, 'pack-files', 'the files are not those of the manifest, in its order', name)
    const held = data.length === size && hex(sha256(data)) === digest
    require(held, 'pack-digest', 'it is not what the manifest says', name)
    contents.set(name, data)
  }
  require(rest.length === files.length, 'pack-files', 'there is a file that the manifest does not list', first)
  const width = place => Math.min(WIDTH, size - start - place * WIDTH)
  const leaves = bundles.flatMap((name, place) =>
    at(name, () => unbundle(contents.get(name), width(place), 'pack-entries')))
  return { manifest, contents, leaves }
}

/** Foundings and key lists before the stretch, each shown to lie under the checkpoint. */
function checkGoverning ({ manifest, contents }, note, chain) {
  let last = -1
  for (const [number, { index, proof }] of manifest.governing.entries()) {
    at(`governing/${number}`, () => {
      const leaf = contents.get(`governing/${number}`)
      checkInclusion(leaf, index, note, proof)
      const entry = openLeaf(leaf)
      if (chain.keys) checkSigned(chain.keys, entry)
      chain.take(entry)
      const { act } = entry
      const placed = act.side === manifest.side && act.ledger === 'released' && act.index === index
      require(placed, 'place', `it says it is ${act.side} ${act.ledger} entry ${act.index}`)
      const ordered = last < index && index < manifest.start
      require(ordered, 'pack-manifest', 'the entries before the stretch are not in order')
      checkProgramme(act, manifest)
      last = index
    })
  }
}

function checkProgramme (act, { environment, programme }) {
  const here = act.programme === programme && act.environment === environment
  require(here, 'programme', "not of the manifest's programme and environment")
}

function checkPack (bytes) {
  const pack = openPack(bytes)
  const { manifest, contents, leaves } = pack
  const { origin, peaks, receiver, side, size, start } = manifest
  const note = at('checkpoint', () => parseNote(readText(contents.get('checkpoint'))))
  const meant = note.origin === origin && note.size === size
  require(meant, 'pack-manifest', 'it is not the checkpoint that the manifest names', 'checkpoint')
  const chain = new Chain()
  checkGoverning(pack, note, chain)
  const ones = [...start.toString(2)].filter(bit => bit === '1').length
  require(peaks.length === ones, 'pack-manifest', 'the peaks do not fit the start', 'manifest.json')
  const named = leaves.length > 0 || manifest.previous === NOTHING
  require(named, 'pack-manifest', 'a pack without entries names no leaf before them', 'manifest.json')
  const hashes = peaks.map(peak => Buffer.from(peak, 'hex'))
  const committed = new Set()
  let [previous, time] = [manifest.previous, '']
  for (const [number, leaf] of leaves.entries()) {
    const where = `entry ${start + number}`
    const act = at(where, () => checkLeaf(leaf, start + number, previous, side, chain))
    at(where, () => checkProgramme(act, manifest))
    time = reached(time, act)
    for (const commitment of act.body) {
      const body = contents.get(`bodies/${commitment.digest}`)
      const holds = body === undefined || opens(commitment, body)
      require(holds, 'body', `it is not what ${where} committed to`, `bodies/${commitment.digest}`)
      committed.add(`bodies/${commitment.digest}`)
    }
    append(start + number, hashes, leafHash(leaf))
    previous = hex(leafHash(leaf))
  }
  require(same(fold(hashes), note.root), 'root', 'they do not lead to the signed root', 'entries')
  for (const name of contents.keys()) {
    const wanted = !name.startsWith('bodies/') || committed.has(name)
    require(wanted, 'pack-body', 'no entry of the pack commits to it', name)
  }
  const joined = receiver !== side && chain.joined.some(party => party.side === receiver)
  require(joined, 'pack-receiver', `${receiver} is not the counterpart that ${side} joined`, 'manifest.json')
  at('checkpoint', () => checkNote(note, chain))
  const stretch = leaves.length ? `entries ${start} to ${size - 1}` : 'no entries, only the checkpoint,'
  const says = `${manifest.programme} (${manifest.environment}): ${stretch} of the ledger of ${side}, for ${receiver}.`
  const asOf = { side, size, root: hex(note.root), time, cosigned: cosignatures(note, chain.counterparts) }
  return { says, constitution: chain.constitution, size, root: asOf.root, as_of: [asOf], revoked_since: [] }
}

function readText (bytes) {
  try {
    return utf8(bytes)
  } catch (error) {
    throw new Fault('checkpoint', error.message)
  }
}

// --- the command -----------------------------------------------------------------------------------------------------

const USAGE = `usage: node verify.mjs PATH ... [--json] [--constitution DIGEST]

Checks proof files, open packs and folders of static files. Exit 0: nothing is wrong. 1: found bad (it says where, and which
rule). 2: usage. Whose keys these are is checked only with --constitution: the digest that the two sides read to each other
when they joined; what rests on another one is bad.`

const [MOST_PACK, MOST_PROOF] = [2 ** 31 - 1, 4 * MOST_BODY]

/** What checking `step` leads to, as one object: its verdict, and what it says or what is wrong. */
function judged (file, kind, expected, step) {
  try {
    const found = step()
    const agreed = expected === undefined || expected === found.constitution
    require(agreed, 'constitution', `it rests on ${found.constitution}, not on ${expected}`, 'constitution')
    const confirmed = expected !== undefined
    return { file, kind, verdict: confirmed ? 'good' : 'unconfirmed', good: true, confirmed, faults: [], ...found }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const faults = [{ where: error.where, rule: error.rule, reason: error.message }]
    return { file, kind, verdict: 'bad', good: false, confirmed: false, faults }
  }
}

/** The verdict on the bytes of a proof file or pack. */
export function checkBytes (name, bytes, expected) {
  const kind = bytes[0] === 0x7b ? 'proof' : 'pack'
  return judged(name, kind, expected, () => {
    if (kind === 'proof') require(bytes.length <= MOST_PROOF, 'proof-size', `at most ${MOST_PROOF} bytes`, 'file')
    else require(bytes.length <= MOST_PACK, 'pack-size', `at most ${MOST_PACK} bytes`, 'pack')
    const sealed = bytes.subarray(0, 21).toString('latin1') === 'age-encryption.org/v1'
    require(!sealed, 'pack-seal', 'it is sealed: its receiver opens it first', 'pack')
    return kind === 'proof' ? checkProof(bytes) : checkPack(bytes)
  })
}

/** The verdict on an export. */
export const checkFolder = (path, expected) => judged(path, 'export', expected, () => checkExport(path))

function check (path, expected) {
  if (isFolder(path)) return checkFolder(path, expected)
  const large = () => { throw new Fault('pack-size', 'it is larger than any pack', 'pack') }
  const bytes = readFile(path, MOST_PACK)
  return bytes ? checkBytes(path, bytes, expected) : judged(path, 'pack', expected, large)
}

// Controls, what is drawn as nothing, what is written from right to left, and marks beyond four on one letter: none of
// it may hide, move the cursor, or write over a verdict.
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|(?<=\p{M}{4})\p{M}/gu
const escaped = sign => sign === ' ' ? sign : [...Array(sign.length).keys()]
  .map(place => '\\u' + sign.charCodeAt(place).toString(16).padStart(4, '0')).join('')

/** `text` on one line of a terminal: what cannot be seen is shown as its code. What is JSON stays the same JSON. */
const printable = text => String(text).replace(UNSEEN, escaped)

function say (line) {
  console.log(printable(line))
}

const moment = seconds => seconds < 253402300800 ? new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z' : `${seconds} s`

const GROUNDS = `Rules of the form: docs/format.md; of acts: docs/acts.md, ${Object.keys(RULE_SETS).join(' and ')}. Confidence: stated.`

function * words ({ file, good, confirmed, says, constitution, as_of: asOf, revoked_since: revoked, faults }) {
  for (const { where, rule, reason } of faults) yield `${file}: BAD at ${where}: ${reason} (rule ${rule})`
  if (!good) return yield `  ${GROUNDS}`
  const sizes = `as of ${asOf.map(({ side, size }) => `${side} ${size}`).join(', ')}`
  const unknown = `NOT CONFIRMED ${sizes}: nothing in it is wrong, but whose keys these are was not checked`
  yield `${file}: ${confirmed ? `good ${sizes}` : unknown}`
  yield `  ${says}`
  const compare = 'compare it with the one that the two sides read to each other, or give that: --constitution DIGEST'
  yield `  Constitution ${constitution}: ${confirmed ? 'the one that was given' : compare}.`
  for (const { side, time, cosigned } of asOf) {
    const held = cosigned.map(({ by, seconds }) => `; ${by} held it at ${moment(seconds)}`).join('')
    yield `  ${side}: latest entry here claims ${time || 'no time'}${held}. What came later is not shown.`
  }
  for (const { side, role, key, version, at, index } of revoked) {
    const [first, ...more] = revoked.filter(one => one.side === side && one.key === key && one.role === role)
    if (first.index !== index) continue
    const signed = [first, ...more].map(one => one.index).join(', ')
    yield `  Revoked since: ${role} key ${key} of ${side} (entries ${signed}); its list ${version}, entry ${at}, dropped it.`
  }
}

function usage (reason = '') {
  console.error((reason && `${printable(reason)}\n\n`) + USAGE)
  return 2
}

function main (given) {
  const files = []
  let json = false
  let expected
  while (given.length) {
    const word = given.shift()
    if (word === '--json') json = true
    else if (word === '--constitution' && /^[0-9a-f]{64}$/.test(given[0])) expected = given.shift()
    else if (word.startsWith('-')) return usage()
    else files.push(word)
  }
  if (!files.length) return usage()
  let found
  try {
    found = files.map(file => check(file, expected))
  } catch (error) {
    if (error.syscall || error.code === 'ERR_INVALID_ARG_VALUE') return usage(error.message) // it cannot be read
    throw error
  }
  for (const one of found) {
    if (json) say(JSON.stringify(one))
    else for (const line of words(one)) say(line)
  }
  return found.every(one => one.good) ? 0 : 1
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = main(argv.slice(2))
