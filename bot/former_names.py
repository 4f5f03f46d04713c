"""Names that Rekognition's label model 2 gave beside another for the very same thing.

Model 3 tells them as aliases of the one name; its predecessor listed both, with equal confidence.
"""

from __future__ import annotations

_NOW = {
    "Apparel": "Clothing",
    "Asphalt": "Tarmac",
    "Automobile": "Car",
    "Bike": "Bicycle",
    "Blossom": "Flower",
    "Cell Phone": "Mobile Phone",
    "Denim": "Jeans",
    "Drink": "Beverage",
    "Forest": "Woodland",
    "Headset": "Headphones",
    "Human": "Person",
    "Kid": "Child",
    "Luggage": "Baggage",
    "Ocean": "Sea",
    "Parking": "Parking Lot",
    "Pavement": "Sidewalk",
    "Photo": "Photography",
    "Plaid": "Tartan",
    "Recreation": "Leisure Activities",
    "Sports": "Sport",
    "Television": "TV",
    "Town": "City",
    "Vessel": "Watercraft",
}


def current_name(label: str) -> str:
    """What model 3 calls it; most names never changed.

    >>> current_name("Human"), current_name("Dog")
    ('Person', 'Dog')
    """
    return _NOW.get(label, label)
