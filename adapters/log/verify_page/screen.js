// What is seen of a check: no verdict is ever left standing beside a file, a key or a witness that it was not made of.

const DUTCH = {
  "Check a certificate": "Controleer een certificaat",
  "This page is one file. It forbids itself to load or send anything: save it, cut the network, and open the saved file. Before that, compare its SHA-256 with the one that you hold.":
    "Deze pagina is één bestand. Ze verbiedt zichzelf om iets te laden of te versturen: sla haar op, verbreek de netwerkverbinding en open het opgeslagen bestand. Vergelijk eerst de SHA-256 ervan met die welke u zelf hebt.",
  "Certificate (a JSON file)": "Certificaat (een JSON-bestand)",
  "The key of the log, or its fingerprint, as you got it elsewhere":
    "De sleutel van het logboek, of de vingerafdruk daarvan, zoals u die elders hebt gekregen",
  "Not from the certificate, and not from whoever gave you the certificate. Left empty, nothing is said about whose log it is.":
    "Niet uit het certificaat, en niet van wie u het certificaat gaf. Blijft dit leeg, dan wordt niets gezegd over wiens logboek het is.",
  "Witnesses": "Getuigen",
  "Keys of witnesses that must have cosigned, one a line":
    "Sleutels van getuigen die moeten hebben meegetekend, één per regel",
  "Check": "Controleren",
  "PROVEN": "BEWEZEN",
  "FITS TOGETHER, BUT WHOSE LOG IT IS WAS NOT CHECKED": "KLOPT IN ZICHZELF, MAAR VAN WIE HET LOGBOEK IS, IS NIET GECONTROLEERD",
  "NOT PROVEN": "NIET BEWEZEN",
  "NOT CHECKED": "NIET GECONTROLEERD",
  "Event {position} is in the log of {size} events that was signed with the key you gave, exactly as it is shown here.":
    "Gebeurtenis {position} staat in het logboek van {size} gebeurtenissen dat met de door u opgegeven sleutel is ondertekend, precies zoals hier getoond.",
  "Event {position} is in a log of {size} events that was signed with the key in the certificate itself. Anybody can make such a certificate with a key of their own: give the log's key above.":
    "Gebeurtenis {position} staat in een logboek van {size} gebeurtenissen dat is ondertekend met de sleutel uit het certificaat zelf. Zo'n certificaat kan iedereen met een eigen sleutel maken: geef hierboven de sleutel van het logboek op.",
  "Nothing was concluded. {reason}": "Er is niets vastgesteld. {reason}",
  "This proves nothing: {reason}.": "Dit bewijst niets: {reason}.",
  "Choose a certificate first.": "Kies eerst een certificaat.",
  "The file could not be read: choose it again.": "Het bestand kon niet worden gelezen: kies het opnieuw.",
  "This browser offers no cryptography to a saved page.": "Deze browser biedt een opgeslagen pagina geen cryptografie.",
  "This browser cannot check Ed25519 signatures: take Chrome 137, Firefox 129, Safari 17 or newer.":
    "Deze browser kan geen Ed25519-handtekeningen controleren: gebruik Chrome 137, Firefox 129, Safari 17 of nieuwer.",
  "The file is larger than any certificate.": "Het bestand is groter dan een certificaat kan zijn.",
  "The file is not text. An evidence archive (.zip) is checked with offline_verifier.py.":
    "Het bestand is geen tekst. Een bewijsarchief (.zip) wordt gecontroleerd met offline_verifier.py.",
  "An error in this page: {reason}": "Een fout in deze pagina: {reason}",
  "it was signed with another key than the one you trust": "het is ondertekend met een andere sleutel dan die u vertrouwt",
  "the warning is not one that this key signed": "de waarschuwing is niet met deze sleutel ondertekend",
  "not JSON": "het is geen JSON",
  "a name occurs twice in one object": "een naam komt tweemaal voor in één object",
  "this is not a certificate that this version can read": "dit is geen certificaat dat deze versie kan lezen",
  "the proof is not a list of hashes": "het bewijs is geen lijst van hashes",
  "the event does not say when, by whom and what": "de gebeurtenis zegt niet wanneer, door wie en wat",
  "a part of the certificate is missing, or there is one too many": "een deel van het certificaat ontbreekt, of er is er een te veel",
  "{name} is of the wrong kind": "{name} is van de verkeerde soort",
  "the checkpoint is not one that this key signed": "de ondertekende stand is niet met deze sleutel ondertekend",
  "the root of the checkpoint is not a hash": "de wortel van de ondertekende stand is geen hash",
  "the checkpoint is not a signed note": "de ondertekende stand is geen ondertekende tekst",
  "a signature of the checkpoint cannot be read": "een handtekening onder de stand is onleesbaar",
  "the signature does not fit the checkpoint": "de handtekening past niet bij de stand",
  "the checkpoint was not cosigned by the witness {name}": "de stand is niet meegetekend door getuige {name}",
  "the cosignature of {name} does not fit the checkpoint": "de handtekening van getuige {name} past niet bij de stand",
  "the public key is not an Ed25519 key of the kind that is needed": "de openbare sleutel is geen Ed25519-sleutel van de soort die nodig is",
  "the public key does not belong to its name": "de openbare sleutel hoort niet bij zijn naam",
  "the event holds what no event can hold": "de gebeurtenis bevat wat geen gebeurtenis kan bevatten",
  "the event is not in the log that was signed, or not as it is shown": "de gebeurtenis staat niet in het ondertekende logboek, of niet zoals getoond",
  "a key was added that opens nothing in this event": "er is een sleutel toegevoegd die in deze gebeurtenis niets opent",
  "the key given for {place} does not open it": "de sleutel voor {place} opent die niet",
  "the boxes of the event cannot be read": "de verzegelde waarden van de gebeurtenis kunnen niet worden gelezen",
  "an opening was added that opens nothing in this event, or twice the same":
    "er is een opening toegevoegd die in deze gebeurtenis niets opent, of twee keer dezelfde",
  "the opening given for {place} does not open it": "de opening voor {place} opent die niet",
  "the event does not say where each of its values lies": "de gebeurtenis zegt niet waar elk van haar waarden staat",
  "not canonical base64": "het is geen base64 in de enige juiste schrijfwijze",
  "Whoever made the certificate warns:": "Wie het certificaat maakte, waarschuwt:",
  "Checked": "Gecontroleerd",
  "Not checked, and not said": "Niet gecontroleerd, en niet beweerd",
  "The event": "De gebeurtenis",
  "Values, opened with the keys in the certificate": "Waarden, geopend met de sleutels in het certificaat",
  "The path from the event to the signed head": "Het pad van de gebeurtenis naar de ondertekende stand",
  "The event as it was stored": "De gebeurtenis zoals zij is opgeslagen",
  "position": "positie", "kind": "soort", "stream": "stroom", "version": "versie", "recorded at": "vastgelegd op",
  "by": "door", "key": "sleutel", "fingerprint": "vingerafdruk", "signed head": "ondertekende stand",
  "event": "gebeurtenis",
  "{count} hashes lead from the event, as shown, to the root of the log of {size} events.":
    "{count} hashes leiden van de gebeurtenis, zoals getoond, naar de wortel van het logboek van {size} gebeurtenissen.",
  "That root is signed with the key above.": "Die wortel is ondertekend met de sleutel hierboven.",
  "That key is the one you gave.": "Die sleutel is de door u opgegeven sleutel.",
  "The witness {name} saw the log grow to this head, {at}.": "Getuige {name} zag het logboek tot deze stand groeien, {at}.",
  "{count} values are those that were sealed in this event.": "{count} waarden zijn die welke in deze gebeurtenis zijn verzegeld.",
  "Whose log this is: no key was given.": "Van wie dit logboek is: er is geen sleutel opgegeven.",
  "Cosigned by {names}: no keys of witnesses were given.": "Meegetekend door {names}: er zijn geen sleutels van getuigen opgegeven.",
  "No witness has vouched for this head.": "Geen getuige staat in voor deze stand.",
  "Whether what Personio or Loket showed was right: only that it was recorded.":
    "Of klopte wat Personio of Loket toonde: alleen dat het is vastgelegd.",
  "Whether it was recorded at the time it says: the order of events is proven, the clock is not.":
    "Of het is vastgelegd op het tijdstip dat er staat: de volgorde van gebeurtenissen is bewezen, de klok niet.",
  "What else is in the log, and what happened after this head.": "Wat er verder in het logboek staat, en wat er na deze stand is gebeurd.",
};

const part = (id) => document.getElementById(id);
const place = part("verdict");
let latest = 0; // of the checks that were begun: an older one is not shown
let shown = () => {};
let dutch = /^nl\b/i.test(navigator.language);

function say(english, parts = {}) {
  const text = dutch ? DUTCH[english] ?? english : english;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(parts, name) ? parts[name] : whole));
}

function made(tag, text = "", ...inner) {
  const found = document.createElement(tag);
  found.textContent = text;
  found.append(...inner);
  return found;
}

function told(tone, word, sentence) {
  const box = made("p", "", made("b", say(word)), sentence);
  box.className = `say ${tone}`;
  return box;
}

function cleared() {
  latest += 1;
  shown = () => {};
  place.replaceChildren();
}

async function checked() {
  cleared();
  const mine = latest;
  const outcome = await outcomeOf(part("certificate").files[0], part("key").value.trim(), part("witnesses").value);
  if (mine !== latest) return;
  shown = () => place.replaceChildren(...outcome());
  shown();
  place.focus();
}

// A function that shows what came of it, in whichever language is chosen by then.
async function outcomeOf(file, trusted, witnesses) {
  try {
    if (!file) throw new Unable("Choose a certificate first.");
    const bytes = await file.arrayBuffer().catch(() => {
      throw new Unable("The file could not be read: choose it again.");
    });
    const keys = witnesses.split(/\s+/).filter(Boolean);
    const proof = await check(new Uint8Array(bytes), trusted, keys);
    return () => proofShown(proof);
  } catch (error) {
    if (error instanceof Rejected) {
      return () => [told("stop", "NOT PROVEN", say("This proves nothing: {reason}.", { reason: say(error.message, error.parts) }))];
    }
    const known = error instanceof Unable;
    const reason = () => (known ? say(error.message) : say("An error in this page: {reason}", { reason: String(error) }));
    return () => [told("wait", "NOT CHECKED", say("Nothing was concluded. {reason}", { reason: reason() }))];
  }
}

function proofShown(proof) {
  const { event, state } = proof;
  const sizes = { position: event.get("position"), size: proof.size };
  const proven = proof.verdict === "proven";
  return [
    proven
      ? told("good", "PROVEN", say("Event {position} is in the log of {size} events that was signed with the key you gave, exactly as it is shown here.", sizes))
      : told("wait", "FITS TOGETHER, BUT WHOSE LOG IT IS WAS NOT CHECKED", say("Event {position} is in a log of {size} events that was signed with the key in the certificate itself. Anybody can make such a certificate with a key of their own: give the log's key above.", sizes)),
    ...(proof.warning ? [told("stop", "Whoever made the certificate warns:", proof.warning)] : []),
    made("h2", say("The event")),
    rows([
      ["position", event.get("position")], ["kind", event.get("name")], ["stream", event.get("stream")],
      ["version", event.get("version")], ["recorded at", state.get("recorded_at")], ["by", state.get("actor")],
      ["key", proof.key], ["fingerprint", proof.fingerprint.replace(/(.{8})(?!$)/g, "$1 ")],
    ].map(([name, value]) => [say(name), value])),
    ...(proof.values.length ? [made("h2", say("Values, opened with the keys in the certificate")), rows(proof.values)] : []),
    made("h2", say("Checked")), made("ul", "", ...whatWasChecked(proof).map((each) => made("li", each))),
    made("h2", say("Not checked, and not said")), made("ul", "", ...whatWasNot(proof).map((each) => made("li", each))),
    made("h2", say("The path from the event to the signed head")), drawn(proof),
    made("details", "", made("summary", say("The event as it was stored")), made("pre", event.get("state"))),
  ];
}

function whatWasChecked(proof) {
  return [
    say("{count} hashes lead from the event, as shown, to the root of the log of {size} events.", { count: proof.path.length, size: proof.size }),
    say("That root is signed with the key above."),
    ...(proof.verdict === "proven" ? [say("That key is the one you gave.")] : []),
    ...proof.cosigned.map(({ name, at }) => say("The witness {name} saw the log grow to this head, {at}.", { name, at: at.toISOString() })),
    ...(proof.values.length ? [say("{count} values are those that were sealed in this event.", { count: proof.values.length })] : []),
  ];
}

function whatWasNot(proof) {
  const names = proof.named.join(", ");
  return [
    ...(proof.verdict === "proven" ? [] : [say("Whose log this is: no key was given.")]),
    ...(proof.cosigned.length ? [] : [names ? say("Cosigned by {names}: no keys of witnesses were given.", { names }) : say("No witness has vouched for this head.")]),
    say("Whether what Personio or Loket showed was right: only that it was recorded."),
    say("Whether it was recorded at the time it says: the order of events is proven, the clock is not."),
    say("What else is in the log, and what happened after this head."),
  ];
}

function rows(pairs) {
  const lines = pairs.map(([name, value]) => {
    const head = made("th", name);
    head.scope = "row";
    return made("tr", "", head, made("td", "", made("bdi", String(value))));
  });
  return made("table", "", made("tbody", "", ...lines));
}

// The event lowest, the signed head on top; beside each step the neighbour that it was hashed with.
function drawn({ leaf: first, path }) {
  const STEP = 56;
  const height = path.length * STEP + 40;
  const picture = svg("svg", { viewBox: `0 0 480 ${height}`, role: "img" });
  const short = (bytes) => hex(bytes).slice(0, 8);
  const boxes = [];
  const box = (x, y, text, own) => {
    const width = own ? 176 : 100;
    const around = svg("rect", { x: x - width / 2, y: y - 14, width, height: 28, rx: 4 });
    boxes.push(svg("g", own ? { class: "own" } : {}, around, svg("text", { x, y: y + 4 }, text)));
  };
  let y = height - 18;
  box(240, y, `${say("event")} ${short(first)}`, true);
  path.forEach(({ neighbour, left, hash }, at) => {
    const aside = left ? 52 : 428;
    picture.append(svg("line", { x1: 240, y1: y, x2: 240, y2: y - STEP }), svg("line", { x1: aside, y1: y, x2: 240, y2: y - STEP }));
    box(aside, y, short(neighbour), false);
    y -= STEP;
    box(240, y, short(hash), at === path.length - 1);
  });
  picture.append(...boxes, svg("title", {}, say("The path from the event to the signed head")));
  return picture;
}

function svg(tag, attributes, ...inner) {
  const found = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
  found.append(...inner);
  return found;
}

function spoken() {
  document.documentElement.lang = dutch ? "nl" : "en";
  for (const each of document.querySelectorAll("[data-say]")) {
    each.dataset.say ||= each.textContent;
    each.textContent = say(each.dataset.say);
  }
  document.title = say("Check a certificate");
  for (const each of document.querySelectorAll(".languages button")) {
    each.toggleAttribute("aria-current", each.value === document.documentElement.lang);
  }
  shown();
}

for (const each of document.querySelectorAll(".languages button")) {
  each.addEventListener("click", () => {
    dutch = each.value === "nl";
    spoken();
  });
}
// Choosing a file of the same name again is no change to the browser: opening the chooser is enough.
for (const kind of ["click", "change"]) part("certificate").addEventListener(kind, cleared);
for (const id of ["key", "witnesses"]) part(id).addEventListener("input", cleared);
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  checked();
});
spoken();
