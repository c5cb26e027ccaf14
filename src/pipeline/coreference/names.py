"""Printed names of one article → referents: full name and surname, long form and acronym, country names."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from pipeline.coreference.referents import SUBJECTS, Referent, Type, learn_person
from pipeline.knowledge.name_lexicon import Lexicon, lexicon
from pipeline.text import Mention, Parse

SMALL = frozenset({"of", "the", "for", "and", "&", "de", "del", "in", "on", "la", "to"})


def group_names(parse: Parse, mentions: list[Mention], country_of: Callable[[str], str | None]) -> list[Referent]:
    """Make referents of the names, in order of first mention; sets ``Mention.cluster`` and notes where each stands."""
    lex = lexicon()
    acting = {_norm(m.text) for m in mentions if m.kind == "name" and m.label == "GPE" and _acts(parse, m)}
    entries: list[tuple[Mention, Type, str]] = []
    for m in mentions:
        if m.kind != "name":
            continue
        kind = _type(parse, m, acting, country_of, lex)
        if kind:
            entries.append((m, kind, _norm(m.text)))
    target = _merge(entries, country_of)
    target |= _bracketed(parse, entries, target)
    referents: list[Referent] = []
    by_name: dict[tuple[Type, str], Referent] = {}
    for m, kind, key in entries:
        full = target[kind, key]
        referent = by_name.get((kind, full))
        if referent is None:
            referent = Referent(len(referents), kind, m.text)
            by_name[kind, full] = referent
            referents.append(referent)
        text = " ".join(m.text.split())
        if (key == full, len(text)) > (_norm(referent.name) == full, len(referent.name)):
            referent.name = text
        referent.names.add(text)
        m.cluster = referent.index
        if kind == "person":
            learn_person(parse, referent, m, country_of)
        elif kind == "group":
            referent.plural = True
        elif kind == "country":
            code = country_of(m.text)
            if code:
                referent.countries.add(code)
        elif kind == "organisation":
            referent.place = referent.place or m.label == "GPE"
            referent.nouns |= {w for w in key.split() if w in lex.words["organisation_noun"]}
    for r in referents:
        r.name = " ".join(r.name.split())
        if r.kind == "person" and not r.sure:
            first = r.name.lower().split()[0]
            r.gender = lex.given.get(first) if " " in r.name else None
    return referents


def _norm(text: str) -> str:
    return " ".join(text.lower().replace(".", "").split())


def _acts(parse: Parse, m: Mention) -> bool:
    """Whether a city speaks or decides like a government; one that falls or floods is a place."""
    if m.head < 0 or parse.dep[m.head] not in SUBJECTS:
        return False
    verb = parse.head[m.head]
    return parse.pos[verb] == "VERB" and parse.lemma[verb] in lexicon().words["government_verb"]


def _type(
    parse: Parse, m: Mention, acting: set[str], country_of: Callable[[str], str | None], lex: Lexicon
) -> Type | None:
    if m.label == "PERSON":
        return "person"
    if m.label == "ORG":
        return "organisation"
    if m.label == "NORP":
        noun = m.head >= 0 and parse.tag[m.head] in ("NNS", "NNPS") and parse.dep[m.head] not in ("amod", "compound")
        return "group" if noun else None
    if m.label == "GPE":
        if m.text.lower() in lex.countries or (country_of(m.text) and _norm(m.text) not in acting):
            return "country"
        return "organisation" if _norm(m.text) in acting else None
    return None


def _merge(
    entries: list[tuple[Mention, Type, str]], country_of: Callable[[str], str | None]
) -> dict[tuple[Type, str], str]:
    """Each (type, name) → the fullest name of its referent."""
    target: dict[tuple[Type, str], str] = {}
    names: dict[Type, list[str]] = {}
    for _, kind, key in entries:
        if (kind, key) not in target:
            target[kind, key] = key
            names.setdefault(kind, []).append(key)
    for kind in ("person", "organisation"):
        longer = sorted(names.get(kind, ()), key=lambda k: (-len(k.split()), k))
        for key in longer:
            fits = [
                full for full in longer if full != key and target[kind, full] == full and _short_of(kind, key, full)
            ]
            if len(fits) == 1:
                target[kind, key] = fits[0]
            elif len(fits) > 1 and kind == "person":
                # Two people share the name: the one introduced first by its full name is spoken of more often.
                exact = [full for full in fits if full.split()[-1] == key.split()[-1]]
                target[kind, key] = (exact or fits)[0] if len(exact) == 1 else _first(entries, exact or fits)
    codes: dict[str, str] = {}
    for key in names.get("country", ()):
        code = country_of(key) or country_of(key.title()) or country_of(key.upper())
        if code:
            target["country", key] = codes.setdefault(code, key)
    return target


def _bracketed(
    parse: Parse, entries: list[tuple[Mention, Type, str]], target: dict[tuple[Type, str], str]
) -> dict[tuple[Type, str], str]:
    """An acronym in brackets after a body's name stands for it, whatever its letters: that of a foreign name."""
    found: dict[tuple[Type, str], str] = {}
    for (long, kind, full), (short, other, key) in pairwise(entries):
        between = long.end >= 0 and parse.lower[long.end : short.start] == ["("]
        if kind == other == "organisation" and between and short.text.isupper() and " " not in short.text:
            found[kind, key] = target[kind, full]
    return found


def _first(entries: list[tuple[Mention, Type, str]], keys: list[str]) -> str:
    return next(key for _, _, key in entries if key in keys)


def _short_of(kind: Type, short: str, full: str) -> bool:
    a, b = short.split(), full.split()
    if kind == "person":
        if len(a) >= len(b):
            return False
        if len(a) == 1:
            return a[0] in (b[-1], b[0]) or (len(b) > 2 and a[0] == b[-2] and len(a[0]) > 3)
        return (a[-1] == b[-1] and (a[0] == b[0] or (len(a[0]) == 1 and b[0].startswith(a[0])))) or b[-len(a) :] == a
    if len(a) == 1 and len(b) > 1:
        initials = "".join(w[0] for w in b if w not in SMALL)
        if a[0] in (initials, "".join(w[0] for w in b)) and len(a[0]) > 1:
            return True
    if len(a) == 1 and len(b) == 2 and a[0] == b[1] and len(a[0]) > 3:
        return True  # "Rovers" after "Selby Rovers"
    return len(a) < len(b) and b[: len(a)] == a and a[0] not in SMALL and len(a[0]) > 3
