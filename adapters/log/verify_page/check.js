// Checks a certificate as adapters/log/offline_verifier.py does, in the same order; it knows nothing of the page around it.
"use strict";

class Rejected extends Error {
  // `said` is a sentence with {named} parts, so that it can be said in Dutch.
  constructor(said, parts = {}) {
    super(said);
    this.parts = parts;
  }
}

class Unable extends Error {} // nothing was concluded

const TOO_OLD = "This browser cannot check Ed25519 signatures: take Chrome 137, Firefox 129, Safari 17 or newer.";
const textIn = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const bytesOf = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
const same = (one, other) => one.length === other.length && one.every((each, at) => each === other[at]);
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, each) => length + each.length, 0));
  let at = 0;
  for (const each of parts) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

// What the certificate proves. `trusted`: the log's key or its fingerprint, empty for the certificate's own word;
// `witnesses`: keys that must have cosigned. Throws Rejected or Unable.
async function check(bytes, trusted = "", witnesses = []) {
  if (!globalThis.crypto?.subtle) throw new Unable("This browser offers no cryptography to a saved page.");
  if (!("isWellFormed" in String.prototype)) throw new Unable(TOO_OLD); // older still than its signatures
  const certificate = parsed(certificateText(bytes));
  const event = certificate.get("event");
  const key = certificate.get("public_key");
  if (trusted && !(await isKey(key, trusted))) throw new Rejected("it was signed with another key than the one you trust");
  const { size, root } = await checkpoint(certificate.get("checkpoint"), key);
  const proof = certificate.get("proof").map(decoded);
  const leafHash = await leaf(event);
  const path = await pathTo(leafHash, event.get("position"), size, proof, root);
  const state = stateOf(event);
  const warning = await warned(certificate.get("warning"), key);
  const seen = await witnessed(certificate.get("checkpoint"), witnesses);
  const values = [
    ...(await opened(event, state, certificate.get("field_keys"))),
    ...(await proven(event, state, certificate.get("openings") ?? [])),
  ].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return {
    verdict: trusted ? "proven" : "own word",
    event, state, key, size, root, leaf: leafHash, path, warning, values,
    fingerprint: await fingerprint(key),
    ...seen,
  };
}

const LONGEST_TEXT = 4 * 1024 * 1024; // bytes of a certificate

function certificateText(bytes) {
  if (bytes.length > LONGEST_TEXT) throw new Unable("The file is larger than any certificate.");
  const text = read(bytes);
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

function read(bytes) {
  try {
    return textIn.decode(bytes);
  } catch {
    throw new Unable("The file is not text. An evidence archive (.zip) is checked with offline_verifier.py.");
  }
}

async function warned(note, key) {
  if (note === undefined) return "";
  const text = await signedText(note, key);
  const [title, warning] = partition(text, "\n");
  if (title !== `warning of ${partition(key, "+")[0]}`) throw new Rejected("the warning is not one that this key signed");
  return warning.trim();
}

function parsed(text) {
  const found = strictJson(text);
  const optional = Object.entries({ warning: isText, openings: Array.isArray });
  const there = found instanceof Map ? Object.fromEntries(optional.filter(([name]) => found.has(name))) : {};
  const certificate = shaped(found, {
    format: isText, event: isObject, proof: Array.isArray, checkpoint: isText, public_key: isText,
    field_keys: Array.isArray, ...there,
  });
  if (certificate.get("format") !== "tweeluik-certificate/1") {
    throw new Rejected("this is not a certificate that this version can read");
  }
  shaped(certificate.get("event"), { position: isWhole, stream: isText, version: isWhole, name: isText, state: isText });
  for (const each of certificate.get("field_keys")) {
    shaped(each, { key_id: isText, subject: isText, retention: isText, secret: isText });
  }
  for (const each of certificate.get("openings") ?? []) {
    shaped(each, { key_id: isText, retention: isText, plain: isText });
  }
  if (!certificate.get("proof").every(isText)) throw new Rejected("the proof is not a list of hashes");
  return certificate;
}

function stateOf(event) {
  const state = strictJson(event.get("state"));
  const knows = state instanceof Map && isText(state.get("recorded_at")) && isText(state.get("actor"));
  if (!knows || !isObject(state.get("fact"))) throw new Rejected("the event does not say when, by whom and what");
  return state;
}

const isText = (value) => typeof value === "string";
const isWhole = (value) => typeof value === "bigint";
const isObject = (value) => value instanceof Map;

function shaped(value, members) {
  const names = Object.keys(members);
  if (!isObject(value) || value.size !== names.length || !names.every((name) => value.has(name))) {
    throw new Rejected("a part of the certificate is missing, or there is one too many");
  }
  for (const name of names) {
    if (!members[name](value.get(name))) throw new Rejected("{name} is of the wrong kind", { name });
  }
  return value;
}

// --- JSON in which nothing can be read in two ways -------------------------------------------------------------------

const DEEPEST = 64;
const LONGEST = 32;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const PLAIN = /[^"\\\x00-\x1f]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

// Objects become Maps, whole numbers BigInts: JSON.parse forgets a name that occurs twice, and digits beyond 2^53.
function strictJson(text) {
  let at = 0;

  function fail() {
    throw new Rejected("not JSON");
  }

  function taken(pattern) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) fail();
    at = pattern.lastIndex;
    return match;
  }

  function skipped(mark) {
    taken(SPACE);
    if (text[at] !== mark) return false;
    at += 1;
    return true;
  }

  function value(depth) {
    taken(SPACE);
    const first = text[at];
    if (first === "{") return inner(depth, object);
    if (first === "[") return inner(depth, list);
    if (first === '"') return string();
    for (const [word, meant] of [["true", true], ["false", false], ["null", null]]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meant;
      }
    }
    const [written, fraction, exponent] = taken(NUMBER);
    if (written.length > LONGEST) fail();
    return fraction || exponent ? Number(written) : BigInt(written);
  }

  function inner(depth, kind) {
    if (depth === DEEPEST) fail();
    at += 1;
    return kind(depth + 1);
  }

  function object(depth) {
    const found = new Map();
    if (skipped("}")) return found;
    do {
      taken(SPACE);
      if (text[at] !== '"') fail();
      const name = string();
      if (!skipped(":")) fail();
      const held = value(depth);
      if (found.has(name)) throw new Rejected("a name occurs twice in one object");
      found.set(name, held);
    } while (skipped(","));
    if (!skipped("}")) fail();
    return found;
  }

  function list(depth) {
    const found = [];
    if (skipped("]")) return found;
    do found.push(value(depth));
    while (skipped(","));
    if (!skipped("]")) fail();
    return found;
  }

  function string() {
    let found = "";
    at += 1;
    for (;;) {
      found += taken(PLAIN)[0];
      if (text[at] === '"') break;
      if (text[at] !== "\\") fail();
      const mark = text[at + 1];
      if (mark === "u") {
        const digits = text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail();
        found += String.fromCharCode(parseInt(digits, 16));
        at += 6;
      } else {
        if (!Object.hasOwn(ESCAPES, mark ?? "")) fail();
        found += ESCAPES[mark];
        at += 2;
      }
    }
    at += 1;
    if (!found.isWellFormed()) fail(); // half a character would be hashed as another one
    return found;
  }

  const found = value(0);
  taken(SPACE);
  if (at !== text.length) fail();
  return found;
}

// --- the signed checkpoint (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) ------------------------------------------

const SIGNATURE =
  /^— ([^\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff+]+) ([A-Za-z0-9+/=]+)$/;

function partition(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

async function checkpoint(note, verifierKey) {
  const text = await signedText(note, verifierKey);
  const head = /^([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/=]+)\n$/.exec(text);
  if (head === null || head[1] !== partition(verifierKey, "+")[0]) {
    throw new Rejected("the checkpoint is not one that this key signed");
  }
  const root = decoded(head[3]);
  if (root.length !== 32) throw new Rejected("the root of the checkpoint is not a hash");
  return { size: BigInt(head[2]), root };
}

function noteParts(note) {
  const at = note.lastIndexOf("\n\n");
  return [note.slice(0, Math.max(at, 0)) + "\n", note.slice(at + 2), at >= 0];
}

// The text above the signatures, once the key's own is found good.
async function signedText(note, verifierKey) {
  const { name, id, key } = await publicKey(verifierKey);
  const [text, signatures, blankLine] = noteParts(note);
  if (!blankLine || !signatures.endsWith("\n") || /[\x00-\x09\x0b-\x1f]/.test(note)) {
    throw new Rejected("the checkpoint is not a signed note");
  }
  let signed = false;
  for (const line of signatures.slice(0, -1).split("\n")) {
    const match = SIGNATURE.exec(line);
    if (match === null) throw new Rejected("a signature of the checkpoint cannot be read");
    const signature = decoded(match[2]);
    if (match[1] === name && same(signature.slice(0, 4), id)) {
      if (!(await signedBy(key, signature.slice(4), bytesOf(text)))) {
        throw new Rejected("the signature does not fit the checkpoint");
      }
      signed = true;
    }
  }
  if (!signed) throw new Rejected("the checkpoint is not one that this key signed");
  return text;
}

// What these witnesses, who must all have cosigned, say of the checkpoint (c2sp.org/tlog-cosignature).
async function witnessed(note, keys) {
  const [text, signatures] = noteParts(note);
  const boxes = signatures.slice(0, -1).split("\n").map((line) => line.split(" "))
    .map(([, name, box]) => ({ name, box: decoded(box) }));
  const named = boxes.filter(({ box }) => box.length === 76).map(({ name }) => name);
  const cosigned = [];
  for (const each of keys) cosigned.push(await cosignature(text, each, boxes));
  return { named, cosigned };
}

async function cosignature(text, witnessKey, boxes) {
  const { name, id, key } = await publicKey(witnessKey, 4);
  const own = boxes.find((each) => each.name === name && same(each.box.slice(0, 4), id) && each.box.length === 76);
  if (own === undefined) throw new Rejected("the checkpoint was not cosigned by the witness {name}", { name });
  const seconds = new DataView(own.box.buffer).getBigUint64(4);
  const vouched = bytesOf(`cosignature/v1\ntime ${seconds}\n${text}`);
  if (seconds > 253402300799n || !(await signedBy(key, own.box.slice(12), vouched))) {
    throw new Rejected("the cosignature of {name} does not fit the checkpoint", { name });
  }
  return { name, at: new Date(Number(seconds) * 1000) };
}

async function isKey(key, trusted) {
  return key === trusted || (await fingerprint(key)) === trusted.replace(/[ :\t\r\n]/g, "").toLowerCase();
}

const fingerprint = async (key) => hex(await sha256(bytesOf(key)));

async function publicKey(text, kind = 1) {
  const [name, rest] = partition(text, "+");
  const [keyId, encoded] = partition(rest, "+");
  const kindAndKey = decoded(encoded);
  if (kindAndKey.length !== 33 || kindAndKey[0] !== kind || signsAnything(kindAndKey.slice(1))) {
    throw new Rejected("the public key is not an Ed25519 key of the kind that is needed");
  }
  const id = (await sha256(joined(bytesOf(`${name}\n`), kindAndKey))).slice(0, 4);
  if (hex(id) !== keyId) throw new Rejected("the public key does not belong to its name");
  return { name, id, key: kindAndKey.slice(1) };
}

const SMALL = [
  "00".repeat(32), `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ...["ec", "ed", "ee"].map((lowest) => `${lowest}${"ff".repeat(30)}7f`),
];

// The points of small order, which no key pair has and one signature fits many texts for.
function signsAnything(key) {
  return SMALL.includes(hex([...key.slice(0, 31), key[31] & 0x7f]));
}

async function signedBy(key, signature, message) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name === "NotSupportedError") {
      throw new Unable(TOO_OLD);
    }
    return false; // not a point of the curve
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

// --- the Merkle tree (RFC 6962, RFC 9162 section 2.1.3.2) ------------------------------------------------------------

async function leaf(event) {
  const texts = ["stream", "name", "state"].map((each) => bytesOf(event.get(each)));
  const numbers = ["position", "version"].map((each) => event.get(each));
  if (texts.some((each) => each.length > 0xffff) || numbers.some((each) => each < 0n || each >= 1n << 64n)) {
    throw new Rejected("the event holds what no event can hold");
  }
  const header = new DataView(new ArrayBuffer(22));
  numbers.forEach((each, at) => header.setBigUint64(8 * at, each));
  texts.forEach((each, at) => header.setUint16(16 + 2 * at, each.length));
  return sha256(joined([0], bytesOf("tweeluik1"), new Uint8Array(header.buffer), ...texts));
}

// The steps from the event to the root: each with its neighbour, on which side that is, and what both make.
async function pathTo(found, position, size, proof, root) {
  const unproven = () => new Rejected("the event is not in the log that was signed, or not as it is shown");
  if (position < 0n || position >= size || proof.some((each) => each.length !== 32)) throw unproven();
  const steps = [];
  let last = size - 1n;
  for (const each of proof) {
    if (last === 0n) throw unproven();
    const left = position % 2n === 1n || position === last;
    found = await sha256(left ? joined([1], each, found) : joined([1], found, each));
    if (left) while (position % 2n === 0n && position !== 0n) [position, last] = [position / 2n, last / 2n];
    [position, last] = [position / 2n, last / 2n];
    steps.push({ neighbour: each, left, hash: found });
  }
  if (last !== 0n || !same(found, root)) throw unproven();
  return steps;
}

// --- the personal values, for those who were given what proves them --------------------------------------------------

// The values of each box that an opening was given for (third format): those that its commitment was made of.
async function proven(event, state, openings) {
  const boxes = state.has("sealed") ? state.get("sealed") : [];
  if (!Array.isArray(boxes) || !boxes.every((each) => areTexts(each, 2))) {
    throw new Rejected("the boxes of the event cannot be read");
  }
  const keyIds = boxes.map(([keyId]) => keyId);
  const members = (opening) => JSON.stringify([...opening.entries()].sort());
  const values = [];
  for (const opening of openings) {
    const keyId = opening.get("key_id");
    const once = openings.filter((each) => members(each) === members(opening)).length === 1;
    if (keyIds.filter((each) => each === keyId).length !== 1 || !once) {
      throw new Rejected("an opening was added that opens nothing in this event, or twice the same");
    }
    const number = keyIds.indexOf(keyId);
    const places = placed(state.get("fact"), number);
    const texts = await committed(event, state.get("fact"), places, boxes[number][1], opening);
    values.push(...places.map((place, at) => [place, texts[at]]));
  }
  return values;
}

// A text for each place: what the box begins with is the hash of them, of a salt, and of all they belong to.
async function committed(event, fact, places, box, opening) {
  const subject = fact.get("subject");
  const saltAndTexts = decoded(opening.get("plain"));
  const wrong = new Rejected("the opening given for {place} does not open it", { place: places[0] });
  if (!isText(subject) || saltAndTexts.length % 16) throw wrong;
  const bound = [
    '"tweeluik/3"', JSON.stringify(event.get("stream")), event.get("version"), JSON.stringify(places),
    ...[subject, opening.get("retention"), opening.get("key_id")].map((each) => JSON.stringify(each)),
  ];
  const commitment = await sha256(joined(bytesOf(`[${bound.join(",")}]`), saltAndTexts));
  if (!same(commitment, decoded(box).slice(0, 32))) throw wrong;
  let text;
  try {
    text = textIn.decode(saltAndTexts.slice(16));
  } catch {
    throw wrong;
  }
  const found = strictJson(text);
  if (!areTexts(found, places.length)) throw wrong;
  return found;
}

// Where the texts of one box lie, in their order.
function placed(fact, number) {
  const found = pointers("", fact).filter((each) => each.box === BigInt(number));
  const liesAt = new Map(found.map(({ text, place }) => [text, place]));
  const order = found.map((_, at) => String(at));
  if (!found.length || liesAt.size !== found.length || !order.every((each) => liesAt.has(each))) {
    throw new Rejected("the event does not say where each of its values lies");
  }
  return order.map((each) => liesAt.get(each));
}

// Place, box and text of every value in a box: a list of a number and a string.
function pointers(place, value) {
  if (Array.isArray(value) && value.length === 2 && isWhole(value[0]) && isText(value[1])) {
    return [{ place, box: value[0], text: value[1] }];
  }
  return inside(place, value).flatMap(([name, item]) => pointers(name, item));
}

const areTexts = (value, count) => Array.isArray(value) && value.length === count && value.every(isText);

async function opened(event, state, keys) {
  const values = [];
  const fact = state.get("fact");
  for (const key of keys) {
    const sealed = handles("", fact).filter((each) => each.keyId === key.get("key_id"));
    if (!sealed.length || fact.get("subject") !== key.get("subject")) {
      throw new Rejected("a key was added that opens nothing in this event");
    }
    for (const { place, box } of sealed) values.push([place, await valueOf(event, place, box, key)]);
  }
  return values;
}

// Place, key and ciphertext of every sealed value: a list of two strings.
function handles(place, value) {
  if (Array.isArray(value) && value.length === 2 && value.every(isText)) {
    return [{ place, keyId: value[0], box: value[1] }];
  }
  return inside(place, value).flatMap(([name, item]) => handles(name, item));
}

function inside(place, value) {
  const items = isObject(value) || Array.isArray(value) ? [...value.entries()] : [];
  const lead = place ? `${place}.` : "";
  return items.map(([name, item]) => [`${lead}${name}`, item]);
}

async function valueOf(event, place, box, key) {
  const second = box.startsWith("2:");
  const words = [place, key.get("subject"), key.get("retention"), key.get("key_id")].map((each) => JSON.stringify(each));
  const bound = [
    second ? '"tweeluik/2"' : '"tweeluik/1"', JSON.stringify(event.get("stream")), event.get("version"), ...words,
  ];
  const sealed = decoded(second ? box.slice(2) : box);
  const secret = decoded(key.get("secret"));
  const wrong = new Rejected("the key given for {place} does not open it", { place });
  if (secret.length !== 32) throw wrong;
  try {
    const opener = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData: bytesOf(`[${bound.join(",")}]`) };
    const padded = new Uint8Array(await crypto.subtle.decrypt(how, opener, sealed.slice(12)));
    const end = padded.lastIndexOf(0x80);
    const padding = padded.slice(end + 1);
    if (end < 0 || padding.some(Boolean) || padding.length > 15) throw wrong;
    return textIn.decode(padded.slice(0, end));
  } catch {
    throw wrong;
  }
}

// Strict base64: one spelling for each value.
function decoded(text) {
  let data;
  try {
    data = atob(text);
  } catch {
    throw new Rejected("not canonical base64");
  }
  if (btoa(data) !== text) throw new Rejected("not canonical base64");
  return Uint8Array.from(data, (each) => each.charCodeAt(0));
}
