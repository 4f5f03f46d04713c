"""What the stand-in for Rekognition knows about each label name: ancestors, aliases, categories.

Names, aliases and categories are those of Amazon's published label list, version 3.0. Ancestors are
not published; these follow real answers, and common sense where there was none. Nothing here looks
at a picture.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LabelFacts:
    """One row of the vocabulary; `parents` are all ancestors, in alphabetical order."""

    category: str
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


_ANIMALS = "Animals and Pets"
_ARCHITECTURE = "Buildings and Architecture"
_CLOTHES = "Apparel and Accessories"
_FOOD = "Food and Beverage"
_FURNITURE = "Furniture and Furnishings"
_HOBBIES = "Hobbies and Interests"
_HOME = "Home and Indoors"
_KITCHEN = "Kitchen and Dining"
_NATURE = "Nature and Outdoors"
_PEOPLE = "Person Description"
_PLANTS = "Plants and Flowers"
_SPORTS = "Sports"
_VEHICLES = "Vehicles and Automotive"

_SHORE = ("Coast", "Nature", "Outdoors", "Sea", "Shoreline", "Water")
_MOVES = ("Transportation", "Vehicle")

FACTS: dict[str, LabelFacts] = {
    "Accessories": LabelFacts(_CLOTHES, aliases=("Accessory",)),
    "Adult": LabelFacts(_PEOPLE, ("Person",)),
    "Animal": LabelFacts(_ANIMALS),
    "Architecture": LabelFacts(_ARCHITECTURE),
    "Astronaut": LabelFacts("Profession", ("Person",)),
    "Ball": LabelFacts(_SPORTS),
    "Balloon": LabelFacts("Events and Attractions"),
    "Beach": LabelFacts(_NATURE, _SHORE),
    "Bench": LabelFacts(_FURNITURE, ("Furniture",)),
    "Beverage": LabelFacts(_FOOD, aliases=("Drink",)),
    "Bicycle": LabelFacts(_HOBBIES, _MOVES, ("Bike",)),
    "Bird": LabelFacts(_ANIMALS, ("Animal",)),
    "Boat": LabelFacts(_VEHICLES, _MOVES),
    "Building": LabelFacts(_ARCHITECTURE, ("Architecture",)),
    "Bus": LabelFacts(_VEHICLES, _MOVES),
    "Camera": LabelFacts("Technology and Computing", ("Electronics",)),
    "Canine": LabelFacts(_ANIMALS, ("Animal", "Mammal")),
    "Car": LabelFacts(_VEHICLES, _MOVES, ("Automobile",)),
    "Cat": LabelFacts(_ANIMALS, ("Animal", "Mammal", "Pet")),
    "City": LabelFacts(_ARCHITECTURE, aliases=("Town",)),
    "Coast": LabelFacts(_NATURE, ("Nature", "Outdoors", "Sea", "Shoreline", "Water")),
    "Coat": LabelFacts(_CLOTHES, ("Clothing",)),
    "Clothing": LabelFacts(_CLOTHES, aliases=("Apparel",)),
    "Coffee": LabelFacts(_FOOD, ("Beverage",)),
    "Coffee Cup": LabelFacts(_FOOD, ("Cup",)),
    "Cup": LabelFacts(_KITCHEN, aliases=("Mug",)),
    "Cutlery": LabelFacts(_KITCHEN),
    "Cycling": LabelFacts(
        "Actions", ("Bicycle", "Person", "Sport", *_MOVES), ("Cyclist", "Bike Cyclist")
    ),
    "Dog": LabelFacts(_ANIMALS, ("Animal", "Canine", "Mammal", "Pet")),
    "Electronics": LabelFacts("Technology and Computing"),
    "Face": LabelFacts(_PEOPLE, ("Head", "Person")),
    "Flag": LabelFacts("Symbols and Flags"),
    "Furniture": LabelFacts(_FURNITURE),
    "Grass": LabelFacts(_PLANTS, ("Plant",)),
    "Head": LabelFacts(_PEOPLE, ("Person",)),
    "Helmet": LabelFacts(_CLOTHES),
    "Indoors": LabelFacts(_HOME),
    "Kitchen": LabelFacts(_HOME, ("Indoors",)),
    "Kitten": LabelFacts(_ANIMALS, ("Animal", "Cat", "Mammal", "Pet")),
    "Launch": LabelFacts("Weapons and Military"),
    "Machine": LabelFacts("Tools and Machinery"),
    "Mammal": LabelFacts(_ANIMALS, ("Animal",)),
    "Motorcycle": LabelFacts(_VEHICLES, _MOVES),
    "Nature": LabelFacts(_NATURE),
    "Outdoors": LabelFacts(_NATURE),
    "Park": LabelFacts(_ARCHITECTURE, ("Nature", "Outdoors")),
    "Person": LabelFacts(_PEOPLE, aliases=("Human",)),
    "Pet": LabelFacts(_ANIMALS, ("Animal",)),
    "Photography": LabelFacts(_HOBBIES, aliases=("Photo",)),
    "Plant": LabelFacts(_PLANTS),
    "Portrait": LabelFacts(_HOBBIES, ("Face", "Head", "Person", "Photography")),
    "Puppy": LabelFacts(_ANIMALS, ("Animal", "Canine", "Dog", "Mammal", "Pet")),
    "Road": LabelFacts("Transport and Logistics"),
    "Rocket": LabelFacts("Weapons and Military", ("Weapon",)),
    "Sailboat": LabelFacts(_VEHICLES, ("Boat", *_MOVES)),
    "Saucer": LabelFacts(_KITCHEN),
    "Sea": LabelFacts(_NATURE, ("Nature", "Outdoors", "Water"), ("Ocean",)),
    "Seagull": LabelFacts(_ANIMALS, ("Animal", "Bird")),
    "Sedan": LabelFacts(_VEHICLES, ("Car", *_MOVES)),
    "Shoreline": LabelFacts(_NATURE, ("Nature", "Outdoors", "Water")),
    "Spoon": LabelFacts(_KITCHEN, ("Cutlery",)),
    "Sport": LabelFacts(_SPORTS, aliases=("Sports",)),
    "Street": LabelFacts(_ARCHITECTURE, ("City", "Road", "Urban")),
    "Table": LabelFacts(_FURNITURE, ("Furniture",)),
    "Tennis": LabelFacts(_SPORTS, ("Sport",)),
    "Tennis Ball": LabelFacts(_SPORTS, ("Ball", "Sport", "Tennis")),
    "Tower": LabelFacts(_ARCHITECTURE, ("Architecture", "Building")),
    "Transportation": LabelFacts(_VEHICLES),
    "Tree": LabelFacts(_NATURE, ("Plant",)),
    "Tripod": LabelFacts("Tools and Machinery"),
    "Urban": LabelFacts("Colors and Visual Composition"),
    "Vehicle": LabelFacts(_VEHICLES, ("Transportation",)),
    "Water": LabelFacts(_NATURE),
    "Weapon": LabelFacts("Weapons and Military", aliases=("Weaponry",)),
    "Wheel": LabelFacts(_VEHICLES, ("Machine",)),
}
"""Every label that the stand-in can name, by name."""
