// Checks a proof or a pack that somebody chooses or drops, by the second verifier, in the browser and nowhere else: the
// file leaves the machine for no other. Its words stand in the page, in the language of the page.

import { Bytes } from './browser.js'
import { isOurs } from './kind.js'
import { checkBytes } from './verify.js'

const part = document.getElementById('check-here')
const [file, digest, told] = ['check-file', 'check-digest', 'check-told'].map(name => document.getElementById(name))
const word = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), part.dataset[name])

function line (text, kind = '') {
  const made = document.createElement('p')
  made.textContent = text
  made.className = kind
  return made
}

function lines (found) {
  if (!found.good) return found.faults.map(({ where, reason, rule }) => line(word('bad', { where, reason, rule }), 'bad'))
  const sizes = found.as_of.map(({ side, size }) => `${side} ${size}`).join(', ')
  const made = [line(word(found.confirmed ? 'good' : 'unconfirmed', { sizes }), found.confirmed ? 'good' : 'heed')]
  made.push(line(word('says', { says: found.says })), line(word('constitution', { constitution: found.constitution })))
  return made
}

async function check () {
  const chosen = file.files[0]
  if (!chosen) return
  const expected = digest.value.replace(/\s/g, '').toLowerCase()
  told.replaceChildren(line(word('checking')))
  if (expected && !/^[0-9a-f]{64}$/.test(expected)) return told.replaceChildren(line(word('nodigest'), 'bad'))
  const bytes = new Bytes(await chosen.arrayBuffer())
  if (!isOurs(bytes)) return told.replaceChildren(line(chosen.name), line(word('neither'), 'heed'), line(word('paper')))
  await new Promise(resolve => setTimeout(resolve, 20)) // lets the words above be drawn
  const found = checkBytes(chosen.name, bytes, expected || undefined)
  told.replaceChildren(line(chosen.name), ...lines(found))
}

part.hidden = false
for (const each of [file, digest]) each.addEventListener('change', check)
