"""Files in the shapes in which Amazon publishes its list of labels, with few names in them."""

import io
import zipfile

FILES = {
    "AllLabels.csv": "\ufeffLabel\nCaño Cristales\nCar\nDog\nDryer Sheet\nMobile Phone\nWasher\n",
    "AliasLabels.csv": (
        "\ufeffLabel,Alias 1,Alias 2,Alias 3\nMobile Phone,Cell Phone,,\nCar,Automobile,Auto,\n"
        "Washer,Dryer,,\n"
    ),
    "BoundingBoxLabels.csv": "\ufeffLabel\nCar\nDog\nDryer\n",
    "LabelCategories.csv": "\ufeffLabel Category\nAnimals and Pets\nMedical\nPopular Landmarks\n",
    "LabelsCategoriesMapping.csv": (
        "Label,Label Category\nCaño Cristales,Popular Landmarks\nDog,Animals and Pets\n"
        "Body Part,Person Description\n"
    ),
}
CP1252 = {"LabelsCategoriesMapping.csv"}
"""AWS's own files differ in how their letters are stored."""


def stored(name):
    """The bytes of one file."""
    return FILES[name].encode("cp1252" if name in CP1252 else "utf-8")


def written(folder, *names):
    """Write some of the files, or all, into a folder; their paths."""
    paths = [folder / name for name in names or FILES]
    for path in paths:
        path.write_bytes(stored(path.name))
    return paths


def zipped(members=None, *, packing=zipfile.ZIP_DEFLATED):
    """A zip of all files, or of these, in a folder as AWS's is."""
    members = members or {f"Labels_v3.0/{name}": stored(name) for name in FILES}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()
