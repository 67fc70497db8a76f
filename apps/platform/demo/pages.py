"""A small made-up theatre to crawl: pages by path, the same on every machine."""

from dataclasses import dataclass
from html import escape

NAME = "The Lantern House"
PLAYS = [
    ("the-glass-orchard", "The Glass Orchard", "A family sells its trees one by one.", 24),
    ("north-of-evening", "North of Evening", "Two pilots wait for weather that never comes.", 28),
    ("paper-crown", "Paper Crown", "A school play is taken far too seriously.", 16),
    ("the-salt-stair", "The Salt Stair", "A lighthouse keeper teaches a storm to count.", 32),
    ("seven-doors-down", "Seven Doors Down", "Neighbours share one very long corridor.", 22),
    ("the-last-prompter", "The Last Prompter", "She knows every line but her own.", 26),
    ("winter-inventory", "Winter Inventory", "Two clerks count what a town has lost.", 20),
    ("moth-and-lamp", "Moth and Lamp", "A love story in eleven power cuts.", 18),
    ("the-understudy", "The Understudy", "Tonight she goes on.", 30),
    ("a-map-of-rain", "A Map of Rain", "A surveyor draws a country that moves.", 25),
]
GENRES = {"drama": (0, 1, 3, 6, 9), "comedy": (2, 4, 8), "romance": (5, 7)}
NEWS = [f"{word} news from the house" for word in ("First", "Second", "Third", "Fourth", "Fifth")]
SHOP = [
    ("poster", "Poster", 9),
    ("script", "Printed script", 12),
    ("mug", "Interval mug", 11),
    ("scarf", "Usher's scarf", 19),
    ("lantern", "Paper lantern", 15),
    ("notebook", "Prompt notebook", 8),
]
SLOW_SECONDS = 1.5


@dataclass(frozen=True)
class Page:
    status: int = 200
    html: str = ""
    location: str = ""
    seconds: float = 0.0


def page(path: str) -> Page:
    """The page at `path` below the site's root, "" being its front."""
    found = PAGES.get(path.strip("/"))
    return found or Page(404, _frame("Not found", "<p>No such page.</p>"))


def _frame(title: str, body: str, depth: str = "/demo/") -> str:
    links = [("plays/", "Plays"), ("shop/", "Shop"), ("news/", "News"), ("about/", "About")]
    nav = " ".join(f'<a href="{depth}{path}">{label}</a>' for path, label in links)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)} - {NAME}</title></head>"
        f'<body><header><a href="/demo/">{NAME}</a> <nav>{nav}</nav></header>'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _items(pairs: list[tuple[str, str]]) -> str:
    lines = (f'<li><a href="{href}">{escape(text)}</a></li>' for href, text in pairs)
    return f"<ul>{''.join(lines)}</ul>"


def _play(number: int) -> str:
    slug, title, line, price = PLAYS[number]
    others = [PLAYS[(number + step) % len(PLAYS)] for step in (1, 2)]
    also = _items([(f"/demo/plays/{other[0]}/", other[1]) for other in others])
    body = (
        f'<p class="summary">{escape(line)}</p>'
        f'<p>Tickets from <span class="price">{price}.00</span> EUR.'
        f' <a href="/demo/plays/{slug}/cast/">Cast</a></p><h2>See also</h2>{also}'
    )
    return _frame(title, body)


def _make() -> dict[str, Page]:
    plays = [(f"/demo/plays/{slug}/", title) for slug, title, _, _ in PLAYS]
    pages = {
        "": _frame(
            NAME,
            "<p>A theatre that exists so that crawlers have somewhere to go.</p>"
            + _items(plays[:4])
            + '<p><a href="/demo/tonight/">Tonight</a></p>',
        ),
        "plays": _frame(
            "Plays",
            _items(plays)
            + _items([(f"/demo/plays/{genre}/", genre.capitalize()) for genre in GENRES]),
        ),
        "shop": _frame("Shop", _items([(f"/demo/shop/{slug}/", name) for slug, name, _ in SHOP])),
        "news": _frame(
            "News", _items([(f"/demo/news/{n}/", title) for n, title in enumerate(NEWS, 1)])
        ),
        "about": _frame(
            "About",
            '<p>Nobody works here. <a href="/demo/gone/">Our old page</a> is '
            'gone, <a href="/demo/archive/">the archive</a> takes its time.</p>',
        ),
    }
    for number, (slug, title, _, _) in enumerate(PLAYS):
        pages[f"plays/{slug}"] = _play(number)
        pages[f"plays/{slug}/cast"] = _frame(f"Cast of {title}", "<p>Three actors and a cat.</p>")
    for genre, numbers in GENRES.items():
        pages[f"plays/{genre}"] = _frame(genre.capitalize(), _items([plays[n] for n in numbers]))
    for slug, name, price in SHOP:
        pages[f"shop/{slug}"] = _frame(name, f'<p>Price: <span class="price">{price}.00</span></p>')
    for number, title in enumerate(NEWS, 1):
        pages[f"news/{number}"] = _frame(
            title, '<p>It was a full house. <a href="/demo/">Home</a></p>'
        )
    made = {path: Page(html=html) for path, html in pages.items()}
    made["tonight"] = Page(302, location="/demo/plays/the-understudy/")
    made["archive"] = Page(html=_frame("Archive", "<p>Found it.</p>"), seconds=SLOW_SECONDS)
    return made


PAGES = _make()
