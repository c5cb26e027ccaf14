"""Made articles, as many as wanted: varied enough that none is a copy of another, the same for the same seed."""

import json
import random
from pathlib import Path

PEOPLE = (
    *("Amina Otieno", "Peter Kamau", "Lucía Marín", "Radu Ionescu", "Kari Moe", "Tomás Vega", "Ngozi Adeyemi"),
    *("Petr Dvořák", "Mei Tanaka", "Omar Haddad", "Elena Popova", "Jonas Berg", "Sara Lindqvist", "Paulo Teixeira"),
)
OFFICES = ("president", "prime minister", "foreign minister", "defence minister", "opposition leader", "army chief")
COUNTRIES = (
    *("Kenya", "Norway", "Peru", "Japan", "Portugal", "Mozambique", "Mali", "Chile", "Sweden", "India", "Egypt"),
    *("Poland", "Colombia", "Nigeria", "Vietnam", "Jordan", "Canada", "Turkey", "Ghana", "Mexico"),
)
CITIES = ("Nairobi", "Oslo", "Lima", "Osaka", "Lisbon", "Maputo", "Bamako", "Santiago", "Stockholm", "Cairo", "Hanoi")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GROUPS = ("rebels", "teachers", "dock workers", "students", "farmers", "gunmen", "soldiers", "nurses", "miners")
CLAUSES = (
    "The {office} of {country}, {person}, met {other} in {city} on {day}.",
    "{country} will send {number} tonnes of food to {land} next month, the {office} said.",
    "Police in {city} arrested {number} {group} after a march near the old harbour.",
    "{Group} attacked a checkpoint outside {city} on {day} and killed {number} people, officials said.",
    '"We will not sign before {day}," {person} told reporters. "{country} has waited {number} years."',
    "A court in {city} sentenced {person} to {number} years in prison for fraud.",
    "{country} and {land} signed an agreement on fishing rights, ending {number} months of talks.",
    "The {office} threatened {land} with sanctions unless its {group} leave the border.",
    "Some {number} {group} went on strike in {city}, demanding higher pay from the government of {country}.",
    "{person} denied on {day} that {country} had bought {number} aircraft from {land}.",
    "The parliament of {country} rejected the budget by {number} votes, and {person} promised another one.",
    "{land} withdrew {number} soldiers from {city}, but {person} said that more would stay until {day}.",
)


def article(dice: random.Random, sentences: int) -> str:
    """One article of so many sentences, three to a paragraph, about 15 words each."""
    told = []
    for _ in range(sentences):
        country, land = dice.sample(COUNTRIES, 2)
        person, other = dice.sample(PEOPLE, 2)
        group = dice.choice(GROUPS)
        values = {
            "country": country,
            "land": land,
            "person": person,
            "other": other,
            "group": group,
            "Group": group.capitalize(),
            "office": dice.choice(OFFICES),
            "city": dice.choice(CITIES),
            "day": dice.choice(DAYS),
            "number": dice.randint(2, 900),
        }
        told.append(dice.choice(CLAUSES).format(**values))
    paragraphs = [" ".join(told[i : i + 3]) for i in range(0, len(told), 3)]
    return "\n\n".join(paragraphs) + "\n"


def write_articles(path: Path, count: int, sentences: int = 25, seed: int = 1) -> Path:
    """Write so many articles as JSON lines, of every length around ``sentences``; returns the file."""
    dice = random.Random(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            about = {
                "id": f"{path.stem}-{number}",
                "source": f"Wire {number % 7}",
                "published_at": f"2026-03-{1 + number % 28:02}",
                "text": article(dice, dice.randint(sentences // 2, sentences * 3 // 2)),
            }
            out.write(json.dumps(about, ensure_ascii=False) + "\n")
    return path
