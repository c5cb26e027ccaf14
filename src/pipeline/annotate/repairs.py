"""What the parser gets wrong in ways that its tree shows, mended before anything is read from it.

Each repair looks for a shape that English sentences do not have, or hardly any: a finite verb without a subject that
has a noun as modifier, a preposition with two objects, an infinitive that is a noun. Elsewhere nothing is touched.
Labels are ClearNLP's, tags the Penn Treebank's.
"""

from __future__ import annotations

from pipeline.annotate.tree import Tree
from pipeline.knowledge import classes

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
FINITE = frozenset({"VBD", "VBZ", "VBP"})
MODIFIERS = frozenset({"det", "amod", "compound", "nummod", "poss", "nmod"})
NOUNS = frozenset({"NOUN", "PROPN"})


def repair(tree: Tree) -> None:
    """All repairs, in an order in which one may prepare another."""
    _regain_names(tree)
    _raise_finite(tree)
    _lower_prepositions(tree)
    _regain_verbs(tree)
    _regain_headlines(tree)
    _regain_headline_verbs(tree)
    _regain_subjects(tree)
    _regain_possessors(tree)
    _regain_objects(tree)
    _part_recipients(tree)
    _part_phrases(tree)
    _raise_infinitives(tree)
    _raise_phrases(tree)


def _regain_names(tree: Tree) -> None:
    """Make a name of a capital word that is taken for a verb after a preposition: "a loan to Cameroon for roads"."""
    for i, label in enumerate(tree.dep):
        after = tree.head[i] == i - 1 and tree.pos[i - 1] == "ADP"
        if label == "pobj" and after and tree.tag[i] in ("VB", "VBP", "VBZ") and tree.word[i][0].isupper():
            tree.pos[i], tree.tag[i] = "PROPN", "NNP"


def _raise_finite(tree: Tree) -> None:
    """Make a past-tense verb the root where the parser took its sentence for a noun with a participle.

    "A delegation called on the king" is no delegation that was called: the tagger says so (VBD), the tree does not. Nor
    has a participle that stands for a passive an object of its own: "the magistrate directed the police to …".
    """
    head, dep, tag = tree.head, tree.dep, tree.tag
    having_objects = {head[i] for i, label in enumerate(dep) if label == "dobj"}
    for verb in [i for i, label in enumerate(dep) if label == "acl" and tag[i] in ("VBD", "VBN")]:
        if tag[verb] == "VBN" and verb not in having_objects:
            continue
        noun = head[verb]
        if head[noun] == noun and noun < verb and tree.pos[noun] in NOUNS:
            for i, h in enumerate(head):
                if h == noun and i > verb:
                    head[i] = verb
            tree.hang(verb, verb, "ROOT")
            tree.hang(noun, verb, "nsubj")


def _lower_prepositions(tree: Tree) -> None:
    """Make "to" a preposition where the parser took it for an infinitive's: "sent to waters off Chad".

    A bare participle is no infinitive either: "restored to displaced farmers" has the farmers as object of "to".
    """
    children = None
    for to in [i for i, tag in enumerate(tree.tag) if tag == "TO" and tree.dep[i] == "aux"]:
        top = tree.head[to]
        if tree.tag[top] == "VB" or top < to:
            continue
        children = children or tree.children()
        below = children[top]
        noun = top
        if tree.tag[top] in ("VBN", "VBG"):
            if any(tree.dep[c] in ("aux", "auxpass") and c != to for c in below) or top != to + 1:
                continue  # "to have been told"
            after = [c for c in below if tree.dep[c] == "dobj" and c > top]
            if not after:
                continue
            noun = after[0]
        elif tree.tag[top] not in ("NNS", "NNPS"):
            continue
        up = tree.head[top]
        if up == top:
            continue
        if noun != top:
            for c in below:
                if c > noun:
                    tree.hang(c, noun, tree.dep[c])
            tree.hang(top, noun, "amod")
        for c in below:
            if tree.dep[c] == "prt" and noun == top:
                tree.dep[c] = "prep"  # "waters off Chad"
        tree.hang(to, up, "prep")
        tree.hang(noun, to, "pobj")
        tree.pos[to], tree.tag[to] = "ADP", "IN"


def _regain_verbs(tree: Tree) -> None:
    """Make a verb of a noun that has a subject and an object or infinitive: "the police plan to impose a curfew"."""
    children = None
    for noun in [tree.head[i] for i, label in enumerate(tree.dep) if label == "nsubj"]:
        if tree.tag[noun] not in ("NN", "NNS") or tree.dep[noun] == "relcl":
            continue
        children = children or tree.children()
        labels = {tree.dep[c] for c in children[noun]}
        if labels.isdisjoint({"dobj", "xcomp", "ccomp", "advcl"}) or not labels.isdisjoint({*MODIFIERS, "cop"}):
            continue
        tree.pos[noun], tree.tag[noun] = "VERB", "VBP" if tree.tag[noun] == "NN" else "VBZ"


def _regain_headlines(tree: Tree) -> None:
    """Make a noun the subject of the finite verb that it is said to modify: "Chad lifts ban on Niger"."""
    children = None
    for noun in [i for i, label in enumerate(tree.dep) if label == "compound" and tree.tag[tree.head[i]] in FINITE]:
        verb = tree.head[noun]
        if noun != verb - 1 or tree.pos[verb] != "VERB" or tree.dep[verb] not in ("ROOT", "ccomp", "advcl"):
            continue
        children = children or tree.children()
        others = [c for c in children[verb] if c < noun]
        if any(tree.dep[c] in ("det", "poss", *SUBJECTS) for c in others):
            continue  # "did a records check"
        for c in others:
            if tree.dep[c] in MODIFIERS:
                tree.head[c] = noun
        tree.dep[noun] = "nsubj"


def _regain_headline_verbs(tree: Tree) -> None:
    """Make a verb of a noun between a name and an apposition that no comma sets off: "Tigers sink navy boat"."""
    children = None
    for thing in [i for i, label in enumerate(tree.dep) if label == "appos"]:
        noun = tree.head[thing]
        if not 0 < noun < thing or tree.tag[noun] != "NN" or tree.pos[thing] not in ("NOUN", "PRON"):
            continue
        children = children or tree.children()
        first = noun + 1
        inside = all(tree.is_below(t, thing) for t in range(first, thing))
        name = noun - 1
        if not inside or tree.head[name] != noun or tree.dep[name] != "compound" or tree.pos[name] != "PROPN":
            continue
        if any(tree.dep[c] in ("det", "amod", "poss", "case") for c in children[noun] if c < noun):
            continue
        for c in children[noun]:
            if c < name:
                tree.head[c] = name
        tree.hang(name, noun, "nsubj")
        tree.dep[thing] = "dobj"
        tree.pos[noun], tree.tag[noun] = "VERB", "VBP"


def _regain_subjects(tree: Tree) -> None:
    """Give a finite verb its subject back that the parser put in apposition to the phrase before it.

    "On a visit to Chad, President Ruiz praised the army": Ruiz is no apposition to Chad when the verb has no subject.
    """
    head, dep, pos, tag, word = tree.head, tree.dep, tree.pos, tree.tag, tree.word
    for verb in [i for i, label in enumerate(dep) if label == "ROOT" and tag[i] in FINITE]:
        if any(h == verb and dep[i] in SUBJECTS for i, h in enumerate(head)):
            continue
        noun = verb - 1
        while noun >= 0 and (pos[noun] == "ADV" or dep[noun] in ("aux", "neg", "npadvmod")):
            noun -= 1
        before = verb - 1
        if before >= 0 and dep[before] == "advmod" and word[before].isupper() and len(word[before]) > 2:
            tree.hang(before, verb, "nsubj")  # an unknown acronym
            pos[before], tag[before] = "PROPN", "NNP"
            continue
        if noun < 0 or pos[noun] not in NOUNS:
            continue
        while dep[noun] in ("pobj", "prep", "compound", "nmod") and head[noun] < noun:  # "the president of Chad"
            noun = head[noun]
        first = min((i for i in range(noun) if head[i] == noun and dep[i] not in ("punct", "prep")), default=noun)
        if dep[noun] in ("appos", "conj") and first > 0 and word[first - 1] == "," and tree.is_below(noun, verb):
            tree.hang(noun, verb, "nsubj")


def _regain_possessors(tree: Tree) -> None:
    """Hang a possessor on what it possesses where the parser made both objects: "underlines Ruiz ’s push"."""
    head, dep = tree.head, tree.dep
    for mark in [i for i, label in enumerate(tree.tag) if label == "POS" and dep[i] == "case"]:
        owner, noun = head[mark], mark + 1
        while noun < len(head) and dep[noun] in ("amod", "compound", "nummod", "advmod"):
            noun += 1
        if dep[owner] != "poss" and noun < len(head) and tree.pos[noun] in NOUNS and head[noun] == head[owner]:
            tree.hang(owner, noun, "poss")


def _regain_objects(tree: Tree) -> None:
    """Give a verb the second of two objects of one preposition: "has freed on bail two former ministers"."""
    objects: dict[int, list[int]] = {}
    for i, label in enumerate(tree.dep):
        if label == "pobj" and tree.head[i] < i and tree.pos[i] in NOUNS:
            objects.setdefault(tree.head[i], []).append(i)
    for prep, (first, *others) in objects.items():
        verb = tree.head[prep]
        if len(others) != 1 or tree.pos[verb] != "VERB" or tree.dep[prep] != "prep" or first != prep + 1:
            continue
        if not any(h == verb and label in ("dobj", "nsubjpass") for h, label in zip(tree.head, tree.dep, strict=True)):
            tree.hang(others[0], verb, "dobj")


def _part_recipients(tree: Tree) -> None:
    """Part who receives from what is given: "gave the Red Cross permission" has no permission of the Red Cross."""
    children = None
    for given in [i for i, label in enumerate(tree.dep) if label == "dobj" and tree.tag[i] == "NN"]:
        verb, last = tree.head[given], given - 1
        if tree.lemma[verb] not in classes()["@giving"] or tree.dep[last] != "compound" or tree.head[last] != given:
            continue
        children = children or tree.children()
        before = [c for c in children[given] if c < last]
        if any(tree.dep[c] in ("dobj", "dative") for c in children[verb] if c != given):
            continue
        definite = any(tree.word[c].lower() == "the" for c in before) or tree.pos[last] == "PROPN"
        if not definite or not any(tree.tag[c] == "VB" for c in (*children[given], *children[last])):
            continue  # "gave the peace plan a chance", "gave government officials"
        for c in before:
            tree.head[c] = last
        tree.hang(last, verb, "dative")
        for c in children[last]:
            if c > given:
                tree.hang(c, given, tree.dep[c])


def _part_phrases(tree: Tree) -> None:
    """Undo a noun before another that has a phrase of its own between them: "jailed a minister for war crimes".

    No modifier of a noun holds a phrase. The first is what the verb governs, the second ends the phrase.
    """
    children = None
    for first in [i for i, label in enumerate(tree.dep) if label == "nmod" and tree.pos[i] in NOUNS]:
        last = tree.head[first]
        children = children or tree.children()
        prep = next((c for c in children[first] if tree.dep[c] == "prep" and first < c < last), None)
        if prep is None or tree.pos[last] != "NOUN" or tree.pos[tree.head[last]] != "VERB":
            continue  # "Secretary of State Maria Ruiz" is one name
        inner = next((c for c in children[prep] if tree.dep[c] == "pobj"), None)
        if inner is None or inner > last:
            continue
        tree.hang(first, tree.head[last], tree.dep[last])
        tree.hang(last, prep, "pobj")
        tree.hang(inner, last, "compound")


def _raise_infinitives(tree: Tree) -> None:
    """Make an infinitive what somebody is told, not what kind of person: "urged Ruiz and the opposition to resume"."""
    for verb in [i for i, label in enumerate(tree.dep) if label == "acl" and tree.tag[i] == "VB"]:
        noun = tree.head[verb]
        while tree.dep[noun] == "conj" and tree.head[noun] < noun:
            noun = tree.head[noun]
        teller = tree.head[noun]
        told = tree.dep[noun] == "dobj" and tree.lemma[teller] in classes()["@object_control"]
        if told and (noun != tree.head[verb] or tree.pos[noun] == "PROPN"):
            tree.hang(verb, teller, "xcomp")


def _raise_phrases(tree: Tree) -> None:
    """Hang "of" on the deed instead of its doer or victim: "the arrest by Chad of the priest", "accused Chad of theft".

    There is no Chad of the priest, nor one of theft.
    """
    children = None
    for of in [i for i, word in enumerate(tree.word) if word == "of" and tree.dep[i] == "prep"]:
        doer = tree.head[of]
        if tree.dep[doer] == "dobj" and tree.lemma[tree.head[doer]] in classes()["@charging"]:
            tree.hang(of, tree.head[doer], "prep")
            continue
        by = tree.head[doer]
        if tree.dep[doer] != "pobj" or tree.word[by] != "by" or tree.tag[doer] != "NNP":
            continue
        children = children or tree.children()
        inner = [g for c in children[of] for g in children[c] if tree.dep[c] == "pobj"]
        if tree.pos[tree.head[by]] not in NOUNS or any(tree.dep[c] == "det" for c in children[doer]):
            continue  # "a report by the Bank of the South"
        if any(tree.dep[c] in ("det", "nummod", "poss") for c in inner):
            tree.hang(of, tree.head[by], "prep")
