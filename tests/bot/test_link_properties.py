import random
import re
from dataclasses import astuple
from urllib.parse import quote, quote_plus

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import LinkNotReadable
from bot.link_hosts import is_bucket
from bot.links import S3Link, find_s3_links, find_unread_links, parse_s3_link

# 300 with hypothesis's own profile; `--hypothesis-profile` with more examples gives more.
OFTEN = settings(max_examples=3 * settings.default.max_examples, deadline=None)

REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2", "us-gov-west-1")
WORDS = "abc019"
buckets = st.from_regex(r"[a-z0-9][a-z0-9.-]{1,30}[a-z0-9]", fullmatch=True).filter(
    lambda name: is_bucket(name) and not name.endswith(("-s3", ".mrap"))
)
any_key = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
keys = any_key | st.text("ab/.% +&?#=<>|;()[]'\"*_é", min_size=1, max_size=40)
versions = st.none() | st.text("aZ09._-", min_size=1, max_size=40)
regions = st.sampled_from(REGIONS)
HOSTS = (
    "https://{b}.s3.{r}.amazonaws.com/",
    "http://{b}.s3-{r}.amazonaws.com:80/",
    "https://{b}.s3.dualstack.{r}.amazonaws.com/",
    "https://{b}.s3-fips.{r}.amazonaws.com:443/",
    "http://{b}.s3-website.{r}.amazonaws.com/",
    "https://s3.{r}.amazonaws.com/{b}/",
    "https://s3-fips.dualstack.{r}.amazonaws.com/{b}/",
)
hosts = st.sampled_from(HOSTS)
consoles = st.sampled_from(
    (
        "https://{r}.console.aws.amazon.com/s3/object/{b}?region={r}&bucketType=general&prefix=",
        "https://s3.console.aws.amazon.com/s3/object/{b}?region={r}&prefix=",
        "https://123456789012-abc.{r}.console.aws.amazon.com/s3/object/{b}?tab=x&prefix=",
    )
)
SIGNATURES = ("", "AWSAccessKeyId=A&Signature=c%2B0&Expires=1", "X-Amz-Signature=c0")
signatures = st.sampled_from(SIGNATURES)


def escaped(text):
    """What Slack makes of typed text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


DELIMITED = (
    lambda url: f"<{escaped(url)}>",
    lambda url: f"Look, <{escaped(url)}|shown &amp; told>.",
    lambda url: f"*<{escaped(url)}|s3://other/key>*",
    lambda url: f"&lt;{escaped(url)}&gt;",
    lambda url: f"`{escaped(url)}`",
    lambda url: f"```\n{escaped(url)}\n```",
    lambda url: f'"{escaped(url)}"',
)
BARE = (
    escaped,
    lambda url: f"(see {escaped(url)})",
    lambda url: f"It is {escaped(url)}, is it not?",
    lambda url: f"_{escaped(url)}_",
    lambda url: f"<@U0ANA> <https://evil.com/|{escaped(url)}> {escaped(url)} x",
)
# A bare link cannot end in a full stop or a bracket of its own.
WAYS = [(way, "") for way in DELIMITED] + [(way, "x") for way in BARE]
mangled = st.sampled_from(WAYS)


def found(text):
    """The one link in a text, with all its parts."""
    (link,) = find_s3_links(text)
    return astuple(link)


@OFTEN
@given(buckets, keys, regions, versions, hosts, signatures, mangled)
def test_urls_come_back(bucket, key, region, version, host, signature, way):
    """A URL of any real shape, written by Slack in any way, gives back what it was built from."""
    text, link = posted(bucket, key, region, version, host, signature, way)

    assert found(text) == link


def posted(bucket, key, region, version, host, signature, way):
    """Build a message text with a URL in it, and what should be found there."""
    mangle, tail = way
    key += tail
    query = [signature, f"versionId={version}{tail}"] if version else [signature]
    url = host.format(b=bucket, r=region) + quote(key) + f"?{'&'.join(query)}".rstrip("?&")
    return mangle(url), (bucket, key, region, version and version + tail)


def test_ten_thousand_come_back():
    """Ten thousand URLs with dice-thrown parts, always the same, come back from their messages."""
    dice = random.Random(1)  # noqa: S311 - not for secrets

    def word(letters, longest):
        return "".join(dice.choices(letters, k=dice.randint(1, longest)))

    lost = []
    for _ in range(10_000):
        text, link = posted(
            f"{word('abc', 8)}{dice.choice('.-')}{word('abc019', 8)}.{word('abc', 8)}",
            word("aZ0/.% +&?#=<>|;()[]'\"*_~`éß😀\n", 40),
            dice.choice(REGIONS),
            dice.choice([None, word("aZ09._-", 32)]),
            dice.choice(HOSTS),
            dice.choice(SIGNATURES),
            dice.choice(WAYS),
        )
        if [astuple(one) for one in find_s3_links(text)] != [link]:
            lost.append((text, link))

    assert lost == []


@OFTEN
@given(buckets, keys, regions, versions, consoles, mangled)
def test_console_comes_back(bucket, key, region, version, console, way):
    """A page of the console gives back the object that it shows."""
    mangle, tail = way
    key += tail
    url = console.format(b=bucket, r=region) + quote_plus(key, safe="/")
    url += f"&versionId={version}{tail}" if version else ""

    assert found(mangle(url)) == (bucket, key, region, version and version + tail)


@OFTEN
@given(buckets, keys, regions, mangled)
def test_old_console_comes_back(bucket, key, region, way):
    """The older console's address, whose key is encoded twice, gives back the object."""
    mangle, _ = way
    page = f"https://s3.console.aws.amazon.com/s3/object/{bucket}/{quote(quote(key))}"

    assert found(mangle(f"{page}?region={region}&tab=x")) == (bucket, key, region, None)


plain_keys = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="`|"),
    min_size=1,
    max_size=60,
).filter(lambda key: "?versionId=" not in key)
plain_starts = st.sampled_from(
    ("s3://", "s3a://", "S3N://", "arn:aws:s3:::", "arn:aws-us-gov:s3:::")
)


@OFTEN
@given(buckets, plain_keys, plain_keys, versions, plain_starts)
def test_uris_come_back(bucket, first, second, version, start):
    """A URI or ARN with spaces comes back from a code span and from Slack's own brackets."""
    key = f"{first} {second}"
    link = f"{start}{bucket}/{key}" + (f"?versionId={version}" if version else "")
    text = escaped(link)

    assert found(f"Look: `{text}`.") == (bucket, key, None, version)
    assert found(f"Look: <{text}|this>.") == (bucket, key, None, version)
    assert astuple(parse_s3_link(link)) == (bucket, key, None, version)


@OFTEN
@given(buckets, st.text(f"{WORDS}/-_.+%&=é", min_size=1, max_size=40), plain_starts)
def test_bare_uris_come_back(bucket, middle, start):
    """A bare URI or ARN ends where the sentence goes on."""
    link = escaped(f"{start}{bucket}/{middle}(1).jpg")
    key = f"{middle}(1).jpg"

    for text in (link, f"({link})", f"{link}, and", f"see {link}.", f"'{link}'", f"*{link}*"):
        assert found(text) == (bucket, key, None, None)


def hostile_hosts(count):
    """Hosts that resemble those of S3 and are none of them, always the same ones."""
    dice = random.Random(0)  # noqa: S311 - not for secrets
    real = (
        "cams.s3.amazonaws.com",
        "s3.eu-west-1.amazonaws.com",
        "cams.s3-us-west-2.amazonaws.com",
    )
    spoil = (
        lambda host: f"{host}.{word()}.com",
        lambda host: f"{host}{word()}",
        lambda host: host.replace("amazonaws", f"amazonaws{word()}"),
        lambda host: host.replace("amazonaws", f"{word()}amazonaws"),
        lambda host: host.replace("amazonaws.com", f"{word()}.com"),
        lambda host: host.replace("amazonaws.com", f"amazonaws.{word()}"),
        lambda host: host.replace("s3", f"s3{word()}", 1),
        lambda host: host.replace("s3.", f"s3.{word()}.", 1).replace("s3-", f"s3-{word()}-", 1),
        lambda host: host.replace("s3", f"{dice.choice('xyz')}s3", 1),
        lambda host: f"{word()}:{word()}@{host}",
        lambda host: f"{word()}@{host}",
        lambda host: f"{host}:{dice.choice([1, 22, 81, 444, 8080, 65535])}",
        lambda host: f"{host}@{word()}.com",
        lambda host: f"{host}\\@{word()}.com",
        lambda host: f"{word()}.com/{host}",
        lambda host: f"{word()}.com?{host}",
        lambda host: f"{word()}.com#{host}",
        lambda host: host.replace(".", dice.choice("。．｡"), 1),  # noqa: RUF001 - that is the trick
        lambda host: host.replace("a", dice.choice("аɑａ"), 2),  # noqa: RUF001 - that is the trick
        lambda host: f"{address()}.{host.removeprefix('cams.')}",
        lambda host: host.replace("s3", f"%{dice.choice(['73', '2e', '00'])}3", 1),
        lambda host: re.sub(r"(cams\.)?s3[.-]", f"{word()}.execute-api.", host),
    )

    def address():
        return ".".join(str(dice.randrange(256)) for _ in range(4))

    def word():
        return "".join(dice.choices("bcdefg", k=dice.randint(2, 8)))

    hosts = set()
    while len(hosts) < count:
        hosts.add(dice.choice(spoil)(dice.choice(real)))
    return sorted(hosts)


def test_hostile_hosts_are_nothing():
    """Of a thousand hosts that resemble those of S3, none makes a link."""
    urls = [f"https://{host}/pics/a.jpg" for host in hostile_hosts(1000)]

    taken = [url for url in urls if find_s3_links(f"<{url}> {url}") or find_unread_links(url)]

    assert taken == []


snippets = st.sampled_from(
    (
        *"<>|`\"'()*_%&? \n\ud800",
        *("```", "&lt;", "&amp;", "https://", "s3://", "arn:aws:s3:::", ".s3.amazonaws.com/"),
        *("abc", "abc/", "?versionId=", "&prefix=", "console.aws.amazon.com/s3/object/"),
    )
)


@OFTEN
@given(st.text() | st.lists(snippets).map("".join))
def test_any_text_is_safe(text):
    """Whatever a message says, it gives valid links or nothing, and never an unforeseen error."""
    links = find_s3_links(text)
    try:
        links.append(parse_s3_link(text))
    except LinkNotReadable:
        links.append(S3Link("abc", "a"))

    assert all(is_bucket(link.bucket) for link in links)
    assert all(1 <= len(link.key.encode()) <= 1024 for link in links)
    assert all("?" not in str(reason) for reason in find_unread_links(text))


def test_hint_is_no_name():
    """Links to one object are equal, whatever region they hint at."""
    assert {S3Link("cams", "a", region) for region in (None, *REGIONS)} == {S3Link("cams", "a")}
