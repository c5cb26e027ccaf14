"""Name mentions and datelines → gazetteer places."""

from __future__ import annotations

from pipeline.places.anchors import anchors
from pipeline.places.cues import cues
from pipeline.places.entry import Entry
from pipeline.places.gazetteer import Gazetteer, gazetteer
from pipeline.places.matching import longest_match, strength
from pipeline.places.naming import key
from pipeline.places.proposing import PLACE_LABELS
from pipeline.places.resolution import Name, inside, narrowed, resolve
from pipeline.text import Mention, Parse, Place


def _containers(
    parse: Parse, start: int, end: int, entries: tuple[Entry, ...], table: Gazetteer
) -> list[tuple[Entry, ...]]:
    """Countries and divisions that follow a name: ", Texas", ", Ill.", "in Illinois", ", Greene County, Ohio"."""
    out: list[tuple[Entry, ...]] = []
    n = len(parse)
    for _ in range(2):
        if end + 1 < n and parse.lower[end] == "located":
            end += 1
        if end + 1 >= n or parse.lower[end] not in (",", "in", "("):
            break
        at = end + 1
        if parse.lower[at] == "the" and at + 1 < n:
            at += 1
        if not parse.word[at][:1].isupper():
            break
        for stop in range(min(at + 4, n), at, -1):
            name = key(parse.words(at, stop))
            found = tuple(e for e in table.find(name) if e.is_country or e.is_division)
            if found:
                top = entries[0]
                if top.is_country and found[0].is_country and found[0].country != "US":
                    return out
                if (
                    top.feature == "ADM1"
                    and found[0].feature == "ADM1"
                    and not any(e.prior >= 3.5 for e in narrowed(entries, found))
                ):
                    return out
                kin = top.is_country or any(e.feature == "ADM1" and e.prior >= 5.0 for e in entries[:3])
                if kin and _is_list(parse, start, end, stop, table):
                    return out
                out.append(found)
                end = stop
                break
        else:
            break
        if parse.lower[end - 1] == "in":
            break
    return out


def _is_list(parse: Parse, start: int, end: int, stop: int, table: Gazetteer) -> bool:
    """Whether the name is one of several of its kind: "in Georgia, Ohio and Texas"."""
    lower = parse.lower
    if start >= 2 and lower[start - 1] in (",", "and", "or") and parse.word[start - 2][:1].isupper():
        previous = table.find(key(parse.word[start - 2]))
        if previous and (previous[0].is_country or previous[0].feature == "ADM1"):
            return True
    at = stop
    while at < len(parse) and at < stop + 2 and lower[at] in (",", "and", "or"):
        at += 1
    if at == stop or at >= len(parse) or not parse.word[at][:1].isupper():
        return lower[end] == ","  # nothing follows: "Missouri, Montana" is a list unless a comma closes it
    following = longest_match(parse, at, len(parse), table)[1]
    return bool(following) and (following[0].is_country or following[0].feature == "ADM1")


def find_places(
    parse: Parse, mentions: list[Mention], dateline: str | None = None, outlet: str | None = None
) -> dict[int, Place]:
    """Index into ``mentions`` → the gazetteer place it names.

    Mentions labelled GPE, LOC or FAC are looked up; a name that the gazetteer does not hold gets no place.

    Args:
        parse: the article.
        mentions: its mentions; others than names are passed over.
        dateline: the dateline as printed; its place is context for the others.
        outlet: the outlet's name or domain; a place in it is weak context.
    """
    table = gazetteer()
    names: dict[str, Name] = {}
    wanted: dict[int, str] = {}
    words = cues()
    people = {
        parse.lower[m.end - 1] for m in mentions if m.kind == "name" and m.label == "PERSON" and m.end - m.start > 1
    }

    person_starts = {m.start for m in mentions if m.kind == "name" and m.label == "PERSON"}

    def note(name_key: str, weight: float, division: bool = False) -> Name:
        entries = table.find(name_key)
        divisions = tuple(e for e in entries if e.is_division) if division else ()
        if divisions:
            name_key, entries = f"{name_key}, division", divisions  # "Niger State" is not Niger
        known = names.get(name_key)
        if known is None:
            known = names[name_key] = Name(name_key, entries, 0.0)
        known.weight += weight
        return known

    above = [i for i, m in enumerate(mentions) if m.start < 0]
    for i in above:
        name = note(key(mentions[i].text), 1.0)
        wanted[i] = name.name_key
        name.containers.extend(_divisions(table, [mentions[j].text for j in above if j > i]))
    for i, m in enumerate(mentions):
        if m.kind != "name" or m.start < 0 or m.label is None:
            continue
        seat = _seat(parse, m, table) if m.end - m.start > 1 else 0
        if m.label in PLACE_LABELS and not (seat and key(m.text) not in table):
            start, end = _core(parse, m, table)
            if start == end:
                continue
            shared = end - start == 1 and parse.lower[start] in people and not _placed(parse, start, end, table)
            if shared and strength(table.find(key(parse.words(start, end)))) < 3:
                continue
            if (m.end in person_starts and not _placed(parse, start, end, table)) or _is_team(parse, m):
                continue
            name = note(key(parse.words(start, end)), 1.0, end < len(parse) and parse.lower[end] in words.division)
            wanted[i] = name.name_key
            held = _containers(parse, start, end, name.entries, table)
            if not held and len(name.entries) > 1:
                held = anchors(parse, start, end, name.entries, table)
            name.containers.extend(held)
            for container in held:
                _hold(name, container, names, table)
            if end < len(parse) and parse.lower[end] in words.local and parse.sentence[start] == parse.sentence[end]:
                name.local += 1.0
        elif seat and m.label in ("ORG", "PERSON", "FAC", "LOC", "GPE"):
            start = m.start + (parse.lower[m.start] == "the")
            name = note(key(parse.words(start, seat)), 0.5)
            wanted[i] = name.name_key
            if not any(w in words.nation for w in parse.lower[seat : m.end]):
                name.local += 0.5
    if not names:
        return {}
    if dateline:
        place = _dateline_name(dateline, table)
        if place is not None and place.name_key not in names:
            names[place.name_key] = place
    home: dict[str, float] = {}
    for word in parse.lower:
        country = words.country.get(word)
        if country is not None:
            home[country] = home.get(country, 0.0) + 1.0
    if outlet:
        _hear_outlet(outlet, names, home, table)
    chosen = resolve([names[k] for k in sorted(names) if names[k].entries], home)
    return {i: chosen[k].place for i, k in wanted.items() if k in chosen}


def _hold(name: Name, container: tuple[Entry, ...], names: dict[str, Name], table: Gazetteer) -> None:
    """Tell the name of a division in which the text puts a place which of its namesakes holds such a place."""
    holding = [c for c in container if not c.is_country and any(inside(e, c) for e in name.entries)]
    if holding:
        own = key(holding[0].place.name)
        known = names.setdefault(own, Name(own, table.find(own), 0.0))
        known.holds.update(c.row for c in holding)


def _hear_outlet(outlet: str, names: dict[str, Name], home: dict[str, float], table: Gazetteer) -> None:
    """Let an outlet's country domain and the place in its name count as context."""
    words = outlet.replace(".", " . ").replace("-", " ").split()
    last = words[-1].lower() if words else ""
    if "." in words and len(last) == 2 and last not in cues().tld:
        country = "GB" if last == "uk" else last.upper()
        home[country] = home.get(country, 0.0) + 2.0
    for size in (3, 2, 1):
        for i in range(len(words) - size + 1):
            name_key = key(" ".join(words[i : i + size]))
            entries = table.find(name_key)
            if strength(entries) >= 2 and name_key not in cues().direction:
                names.setdefault(name_key, Name(name_key, entries, 0.5))
                return


def _is_team(parse: Parse, m: Mention) -> bool:
    """Whether the name plays: subject or object of a verb of sport whose other side is a name too."""
    verb = parse.head[m.head] if m.head >= 0 else -1
    if verb < 0 or verb == m.head or parse.lemma[verb] not in cues().match:
        return False
    sides = [t for t in parse.children[verb] if parse.dep[t] in ("nsubj", "dobj") and parse.pos[t] == "PROPN"]
    return m.head in sides and len(sides) > 1


def _placed(parse: Parse, start: int, end: int, table: Gazetteer) -> bool:
    """Whether words around show that a name shared with a person is a place here."""
    if start and parse.lower[start - 1] in ("in", "near", "outside", "from"):
        return True
    if end + 1 < len(parse) and parse.lower[end] == ",":
        found = table.find(key(parse.word[end + 1]))
        return bool(found) and (found[0].is_country or found[0].feature == "ADM1")
    return False


def _core(parse: Parse, m: Mention, table: Gazetteer) -> tuple[int, int]:
    """The tokens of a mention that the gazetteer knows: without article, directions, generic nouns or a container."""
    words = cues()
    start, end = m.start, m.end
    if parse.lower[end - 1] in ("'s", "’s", "'", "’") and end - start > 1:
        end -= 1
    if not any(parse.word[t][:1].isupper() for t in range(start, end)):
        return start, start
    if end - start == 1:
        word, small = parse.word[start], parse.lower[start]
        if (
            small in words.area
            or small in words.body
            or small in words.nation
            or (len(word) == 2 and not word.isupper())
        ):
            return start, start
    if key(parse.words(start, end)) in table and not (end - start == 1 and parse.lower[start] in words.direction):
        return start, end
    while start < end - 1 and (
        parse.lower[start] in words.direction or parse.lower[start] in ("the", "-", "of", "city", "town")
    ):
        start += 1
        if key(parse.words(start, end)) in table:
            return start, end
    while end - 1 > start and (parse.lower[end - 1] in words.area or parse.lower[end - 1] in words.body):
        end -= 1
        if key(parse.words(start, end)) in table:
            return start, end
    for t in range(start + 1, end):
        if parse.lower[t] == "," and key(parse.words(start, t)) in table:
            return start, t
    return start, start


def _seat(parse: Parse, m: Mention, table: Gazetteer) -> int:
    """Where the place name ends with which a public body's name begins ("Westbury Police Department"), or 0."""
    words = cues()
    start = m.start + (parse.lower[m.start] == "the")
    if start >= m.end - 1 or parse.lower[start] in words.direction:
        return 0
    end, entries = longest_match(parse, start, m.end, table)
    if not entries or end >= m.end or entries[0].alternate or entries[0].prior < 3.2:
        return 0
    tail = parse.lower[end : m.end]
    if any(w in words.medium for w in tail) or not any(w in words.body or w in words.nation for w in tail):
        return 0
    return end


def resolve_dateline(dateline: str, context: list[Place] | None = None) -> Place | None:
    """The place of a dateline ("GUAYAQUIL, Ecuador (AP) —"), or None.

    Args:
        dateline: as printed, with or without agency and date.
        context: the article's other places.
    """
    table = gazetteer()
    name = _dateline_name(dateline, table)
    if name is None:
        return None
    others = [Name(key(p.name), table.find(key(p.name))) for p in context or [] if key(p.name) != name.name_key]
    return resolve([name, *[o for o in others if o.entries]], {})[name.name_key].place


def _dateline_name(dateline: str, table: Gazetteer) -> Name | None:
    head = dateline.split("(")[0].strip(" -—–,:")
    parts = [p.strip(" .-—–") for p in head.split(",") if p.strip()]
    entries = table.find(key(parts[0])) if parts else ()
    if not entries:
        return None
    return Name(key(parts[0]), entries, containers=_divisions(table, parts[1:]))


def _divisions(table: Gazetteer, names: list[str]) -> list[tuple[Entry, ...]]:
    """For each name that a country or division bears, those that bear it."""
    found = [tuple(e for e in table.find(key(name)) if e.is_country or e.is_division) for name in names]
    return [entries for entries in found if entries]
